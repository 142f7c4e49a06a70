package dev.perennial.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/** ONNX Runtime, loaded once per process. */
final class OrtRuntime {
    private static final String NATIVE_PATH = "onnxruntime.native.path";

    private OrtRuntime() {}

    /** Holds the environment; initialising it loads the native library. */
    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = load();

        private static OrtEnvironment load() {
            if (System.getProperty(NATIVE_PATH) != null) {
                return OrtEnvironment.getEnvironment();
            }
            Optional<Path> libraries = besideTheJar();
            libraries.ifPresent(folder -> System.setProperty(NATIVE_PATH, folder.toString()));
            try {
                return OrtEnvironment.getEnvironment();
            } finally {
                // Another copy of the runtime in this JVM has libraries of its own.
                System.clearProperty(NATIVE_PATH);
            }
        }

        /**
         * A deployment zip carries the libraries as files beside the runtime's jar; without knowing
         * that, the runtime would look for them inside of it.
         */
        private static Optional<Path> besideTheJar() {
            CodeSource source = OrtEnvironment.class.getProtectionDomain().getCodeSource();
            if (source == null || source.getLocation() == null) {
                return Optional.empty();
            }
            try {
                return Optional.ofNullable(Path.of(source.getLocation().toURI()).getParent())
                        .filter(folder -> Files.exists(folder.resolve("libonnxruntime.so")));
            } catch (URISyntaxException
                    | IllegalArgumentException
                    | FileSystemNotFoundException e) {
                return Optional.empty(); // loaded from something that is no file
            }
        }
    }

    static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    /**
     * Opens a session.
     *
     * @throws ModelException if the bytes are no model that ONNX Runtime accepts
     */
    static OrtSession open(byte[] model, int threads) {
        OrtEnvironment environment = environment(); // first: making options loads the library too
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            // Spinning threads only pay where nothing else wants the cores.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return environment.createSession(model, options);
        } catch (OrtException unreadable) {
            throw new ModelException(
                    "ONNX Runtime can't load the model: " + unreadable.getMessage(), unreadable);
        }
    }
}

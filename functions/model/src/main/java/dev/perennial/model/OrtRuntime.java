package dev.perennial.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;

/** ONNX Runtime, loaded once per process. */
final class OrtRuntime {
    private OrtRuntime() {}

    /** Holds the environment; initialising it loads the native library. */
    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = load();

        private static OrtEnvironment load() {
            String task = System.getenv("LAMBDA_TASK_ROOT");
            if (task != null && System.getProperty("onnxruntime.native.path") == null) {
                // A deployment zip carries the library as a file; without this the runtime would
                // copy it to /tmp first.
                Path libraries = Path.of(task, "lib");
                if (Files.exists(libraries.resolve("libonnxruntime.so"))) {
                    System.setProperty("onnxruntime.native.path", libraries.toString());
                }
            }
            return OrtEnvironment.getEnvironment();
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
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            // Spinning threads only pay where nothing else wants the cores.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return environment().createSession(model, options);
        } catch (OrtException unreadable) {
            throw new ModelException(
                    "ONNX Runtime can't load the model: " + unreadable.getMessage(), unreadable);
        }
    }
}

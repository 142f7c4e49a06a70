package dev.perennial.local.lambda;

import dev.perennial.core.store.Digest;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.TemplateReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Starts a function's process as Lambda's sandbox would: own class path, own environment. */
final class WorkerLauncher implements Worker.Launcher {
    private static final String RUNTIME_CLIENT =
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String JNI_PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    /** Of a function's memory; the rest is for the JVM itself and for native libraries. */
    private static final double HEAP_SHARE = 0.6;

    private final Path cache;
    private final Path logs;
    private final Function<FunctionResource, Map<String, String>> endpointsAndCredentials;
    private volatile Map<String, String> more = Map.of();
    private final String classPath = runtimeClassPath();

    WorkerLauncher(
            Path cache,
            Path logs,
            Function<FunctionResource, Map<String, String>> endpointsAndCredentials) {
        DeploymentPackage.checkMachine();
        this.cache = cache.toAbsolutePath();
        this.logs = logs;
        this.endpointsAndCredentials = endpointsAndCredentials;
    }

    /** Adds to what functions find in their environment from now on. */
    void add(Map<String, String> added) {
        Map<String, String> all = new HashMap<>(more);
        all.putAll(added);
        more = Map.copyOf(all);
    }

    @Override
    public Process start(FunctionResource function, String runtimeApi, Path folder)
            throws IOException {
        Path task = DeploymentPackage.unpack(function.codeUri(), cache);
        Files.createDirectories(logs);
        List<String> command = new ArrayList<>();
        if (!function.hasUrl()) { // on Lambda nobody's work takes the processors of who answers
            command.addAll(List.of("nice", "-n", "10"));
        }
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xms%dm".formatted(Math.max(8, function.memoryMegabytes() / 64)),
                        "-Xmx%dm".formatted((int) (function.memoryMegabytes() * HEAP_SHARE)),
                        "-Djava.io.tmpdir=" + folder,
                        "-D" + JNI_PROPERTY + "=" + nativeClient(),
                        // Lambda's runtime calls who registered with org.crac, too.
                        "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath + File.pathSeparator + guardian(),
                        Guardian.class.getName(),
                        function.handler()));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(task.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        FunctionLog.fileOf(logs, function).toFile()));
        Map<String, String> variables = builder.environment();
        variables.clear(); // nothing of this machine's own
        variables.putAll(lambdaVariables(function, task, runtimeApi));
        variables.putAll(endpointsAndCredentials.apply(function));
        variables.putAll(more);
        variables.putAll(function.environment());
        return builder.start();
    }

    static Map<String, String> lambdaVariables(
            FunctionResource function, Path task, String runtimeApi) {
        return Map.ofEntries(
                Map.entry("PATH", "/usr/local/bin:/usr/bin:/bin"),
                Map.entry("LANG", "en_US.UTF-8"),
                Map.entry("TZ", ":UTC"),
                Map.entry("LAMBDA_TASK_ROOT", task.toString()),
                Map.entry("LD_LIBRARY_PATH", task.resolve("lib").toString()),
                Map.entry("_HANDLER", function.handler()),
                Map.entry("AWS_REGION", TemplateReader.REGION),
                Map.entry("AWS_DEFAULT_REGION", TemplateReader.REGION),
                Map.entry("AWS_EXECUTION_ENV", "AWS_Lambda_" + function.runtime()),
                Map.entry("AWS_LAMBDA_RUNTIME_API", runtimeApi),
                Map.entry("AWS_LAMBDA_FUNCTION_NAME", function.name()),
                Map.entry("AWS_LAMBDA_FUNCTION_VERSION", function.version()),
                Map.entry(
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        Integer.toString(function.memoryMegabytes())),
                Map.entry(
                        "AWS_LAMBDA_INITIALIZATION_TYPE",
                        function.isSnapshotted() ? "snap-start" : "on-demand"),
                Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name()),
                Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", "local"));
    }

    /**
     * The runtime client and what it needs, nothing else: a function brings its own libraries, as
     * on Lambda.
     */
    private static String runtimeClassPath() {
        Set<String> jars = new LinkedHashSet<>();
        for (String type :
                List.of(
                        RUNTIME_CLIENT,
                        "com.amazonaws.services.lambda.runtime.RequestHandler",
                        "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                        "software.amazon.awssdk.utilslite.SdkInternalThreadLocal")) {
            try {
                jars.add(
                        Path.of(
                                        Class.forName(
                                                        type,
                                                        false,
                                                        WorkerLauncher.class.getClassLoader())
                                                .getProtectionDomain()
                                                .getCodeSource()
                                                .getLocation()
                                                .toURI())
                                .toString());
            } catch (ClassNotFoundException | URISyntaxException missing) {
                throw new IllegalStateException(
                        "AWS's runtime interface client is not on the class path", missing);
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    /**
     * The client unpacks its native part to one fixed path, where processes that start together
     * would race.
     */
    private synchronized Path nativeClient() throws IOException {
        String architecture = DeploymentPackage.isArm() ? "aarch_64" : "x86_64";
        String name = "libaws-lambda-jni.linux-%s.so".formatted(architecture);
        Path target = cache.resolve(name);
        if (!Files.exists(target)) {
            Files.createDirectories(cache);
            Path partial = Files.createTempFile(cache, "partial", ".so");
            try (InputStream in = WorkerLauncher.class.getResourceAsStream("/jni/" + name)) {
                if (in == null) {
                    throw new IOException("AWS's runtime interface client has no " + name);
                }
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    /** The guardian alone, in a folder of its own: the rest of the local cloud stays outside. */
    private synchronized Path guardian() throws IOException {
        String name = Guardian.class.getName().replace('.', '/') + ".class";
        try (InputStream in = WorkerLauncher.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException("the local cloud's own class %s is missing".formatted(name));
            }
            byte[] content = in.readAllBytes();
            // A folder per content: a worker may just be reading another version's.
            Path folder = cache.resolve("guardian-" + Digest.of(content).abbreviated());
            Path target = folder.resolve(name);
            if (!Files.exists(target)) {
                Files.createDirectories(target.getParent());
                Path partial = Files.createTempFile(folder, "partial", ".class");
                Files.write(partial, content);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        }
    }
}

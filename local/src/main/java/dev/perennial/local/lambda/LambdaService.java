package dev.perennial.local.lambda;

import dev.perennial.local.template.Stack;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Lambda on this machine. Each function runs from its zip under AWS's own runtime interface client;
 * idle workers are kept and used again. At most a given number of events run at once, whatever the
 * function: others wait their turn.
 */
public final class LambdaService implements AutoCloseable {
    private static final String RUNTIME_CLIENT =
            "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String JNI_PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    /** Of a function's memory; the rest is for the JVM itself and for native libraries. */
    private static final double HEAP_SHARE = 0.6;

    private final Map<String, Stack.Function> functions = new HashMap<>();
    private final Path cache;
    private final Path logs;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Semaphore slots;
    private final Map<String, Deque<Worker>> idle = new HashMap<>();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Prepares; workers start when they are needed.
     *
     * @param cache where zips are unpacked
     * @param logs gets one file per function
     * @param environment what every function finds beside its own variables: endpoints and
     *     credentials
     * @param concurrency events that run at once
     */
    public LambdaService(
            List<Stack.Function> functions,
            Path cache,
            Path logs,
            Map<String, String> environment,
            InstantSource clock,
            int concurrency) {
        functions.forEach(function -> {
            this.functions.put(function.arn(), function);
            this.functions.put(function.name(), function);
            this.functions.put(function.logicalId(), function);
        });
        this.cache = cache;
        this.logs = logs;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
        this.slots = new Semaphore(concurrency, true);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end functions"));
    }

    /**
     * Invokes a function and waits for its end.
     *
     * @param name logical id, name or ARN
     * @throws UnknownFunctionException if there is no such function
     */
    public Invocation invoke(String name, byte[] payload) throws InterruptedException {
        Stack.Function function = functions.get(name);
        if (function == null) {
            throw new UnknownFunctionException(
                    name,
                    functions.values().stream()
                            .map(Stack.Function::logicalId)
                            .distinct()
                            .sorted()
                            .toList());
        }
        slots.acquire();
        try {
            Worker worker = take(function);
            Invocation invocation = worker.invoke(payload);
            giveBack(function, worker);
            log(function, invocation);
            return invocation;
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "starting %s: %s".formatted(function.logicalId(), failed.getMessage()), failed);
        } finally {
            slots.release();
        }
    }

    /** Starts a worker of a function ahead of its first event. */
    public void warm(String name) {
        Stack.Function function = functions.get(name);
        if (function != null) {
            try {
                giveBack(function, take(function));
            } catch (IOException failed) {
                throw new UncheckedIOException("starting " + function.logicalId(), failed);
            }
        }
    }

    private Worker take(Stack.Function function) throws IOException {
        synchronized (idle) {
            Deque<Worker> waiting =
                    idle.computeIfAbsent(function.logicalId(), _ -> new ArrayDeque<>());
            while (!waiting.isEmpty()) {
                Worker worker = waiting.pop();
                if (worker.isAlive()) {
                    return worker;
                }
                discard(worker);
            }
        }
        if (closed) {
            throw new IOException("the local cloud is closing");
        }
        Path task = DeploymentPackage.unpack(function.code(), cache);
        Worker worker =
                new Worker(
                        function,
                        (which, api, temporary) -> start(which, task, api, temporary),
                        clock);
        workers.add(worker);
        return worker;
    }

    private void giveBack(Stack.Function function, Worker worker) {
        if (worker.isAlive() && !closed) {
            synchronized (idle) {
                idle.computeIfAbsent(function.logicalId(), _ -> new ArrayDeque<>()).push(worker);
            }
        } else {
            discard(worker);
        }
    }

    private void discard(Worker worker) {
        workers.remove(worker);
        worker.close();
    }

    private Process start(Stack.Function function, Path task, String api, Path temporary)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Xshare:auto");
        command.add("-Xmx%dm".formatted((int) (function.memoryMegabytes() * HEAP_SHARE)));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-D" + JNI_PROPERTY + "=" + nativeClient());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-cp");
        command.add(runtimeClassPath() + File.pathSeparator + guardian());
        command.add(Guardian.class.getName());
        command.add(function.handler());
        ProcessBuilder builder = new ProcessBuilder(command).directory(task.toFile());
        Files.createDirectories(logs);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(function).toFile()));
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("LAMBDA_TASK_ROOT", task.toString());
        variables.put("LD_LIBRARY_PATH", task.resolve("lib").toString());
        variables.put("AWS_LAMBDA_RUNTIME_API", api);
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put(
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMegabytes()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("_HANDLER", function.handler());
        variables.putAll(environment);
        variables.putAll(function.environment());
        return builder.start();
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
                CodeSource source =
                        Class.forName(type, false, LambdaService.class.getClassLoader())
                                .getProtectionDomain()
                                .getCodeSource();
                jars.add(Path.of(source.getLocation().toURI()).toString());
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
        String architecture =
                System.getProperty("os.arch", "").equals("aarch64") ? "aarch_64" : "x86_64";
        String name = "libaws-lambda-jni.linux-%s.so".formatted(architecture);
        Path target = cache.resolve(name).toAbsolutePath();
        if (!Files.exists(target)) {
            Files.createDirectories(cache);
            Path partial = Files.createTempFile(cache, "partial", ".so");
            try (InputStream in = LambdaService.class.getResourceAsStream("/jni/" + name)) {
                if (in == null) {
                    throw new IOException("AWS's runtime interface client has no " + name);
                }
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    private synchronized Path guardian() throws IOException {
        String name = Guardian.class.getName().replace('.', '/') + ".class";
        Path folder = cache.resolve("guardian").toAbsolutePath();
        try (InputStream in = LambdaService.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException("the local cloud's own class %s is missing".formatted(name));
            }
            byte[] present = in.readAllBytes();
            Path target = folder.resolve(name);
            if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), present)) {
                Files.createDirectories(target.getParent());
                Files.write(target, present);
            }
        }
        return folder;
    }

    private Path log(Stack.Function function) {
        return logs.resolve(function.logicalId() + ".log");
    }

    private void log(Stack.Function function, Invocation invocation) {
        Invocation.Report report = invocation.report();
        String line =
                "REPORT RequestId: %s Duration: %d ms Billed Duration: %d ms Memory Size: %d MB Max Memory Used: %d MB%s%s%n"
                        .formatted(
                                report.requestId(),
                                report.durationMillis(),
                                report.billedMillis(),
                                report.memoryMegabytes(),
                                report.peakMegabytes(),
                                report.initMillis() > 0
                                        ? " Init Duration: %d ms".formatted(report.initMillis())
                                        : "",
                                invocation instanceof Invocation.Failed failed
                                        ? " Status: error Error Type: " + failed.errorType()
                                        : "");
        try {
            Files.createDirectories(logs);
            Files.write(
                    log(function),
                    line.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException("writing the log of " + function.logicalId(), failed);
        }
    }

    @Override
    public void close() {
        closed = true;
        workers.parallelStream().forEach(Worker::close);
        workers.clear();
    }
}

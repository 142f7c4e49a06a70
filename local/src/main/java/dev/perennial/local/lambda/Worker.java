package dev.perennial.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.core.json.Json;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One process of one function, behind a Lambda Runtime API of its own. Takes one event at a time.
 */
final class Worker implements AutoCloseable {
    private static final Duration INIT_LIMIT = Duration.ofSeconds(60);
    private static final int MAX_ANSWER = 6_291_556;

    private final Stack.Function function;
    private final InstantSource clock;
    private final HttpServer api;
    private final Process process;
    private final Path folder;
    private final SynchronousQueue<Event> events = new SynchronousQueue<>();
    private final CompletableFuture<Long> ready = new CompletableFuture<>();
    private final long startedNanos = System.nanoTime();
    private volatile @Nullable Event current;
    private boolean reportedInit;

    private record Event(
            String id, byte[] payload, long deadlineMillis, CompletableFuture<Answer> answer) {}

    /**
     * What the process said, or what became of it.
     *
     * @param errorType "" for a result
     */
    private record Answer(byte[] body, String errorType) {}

    Worker(Stack.Function function, Launch launch, InstantSource clock) throws IOException {
        this.function = function;
        this.clock = clock;
        this.api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        api.createContext("/2018-06-01/runtime/invocation/next", this::next);
        api.createContext("/2018-06-01/runtime/invocation/", this::answered);
        api.createContext("/2018-06-01/runtime/init/error", this::initFailed);
        api.start();
        this.folder = Files.createTempDirectory("perennial-" + function.logicalId());
        this.process = launch.start(function, "127.0.0.1:" + api.getAddress().getPort(), folder);
        Thread.ofVirtual().start(() -> exited(process.onExit().join()));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Runs one event.
     *
     * @throws InterruptedException if the caller gave up; the worker is then closed
     */
    Invocation invoke(byte[] payload) throws InterruptedException {
        String id = UUID.randomUUID().toString();
        long initMillis = 0;
        try {
            long init = ready.get(INIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            initMillis = reportedInit ? 0 : init;
            reportedInit = true;
        } catch (ExecutionException | TimeoutException failed) {
            Throwable cause = failed.getCause();
            String message =
                    cause == null
                            ? "did not start in %s".formatted(INIT_LIMIT)
                            : String.valueOf(cause.getMessage());
            close();
            return failed(id, "Runtime.InitError", message, null, 0, 0);
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long begin = System.nanoTime();
        Event event =
                new Event(id, payload, clock.millis() + function.timeout().toMillis(), answer);
        current = event;
        Thread watchdog = Thread.ofVirtual().start(() -> watch(event));
        try {
            if (!events.offer(event, INIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                answer.complete(new Answer(new byte[0], "Runtime.ExitError"));
            }
            Answer given = answer.get(function.timeout().toMillis(), TimeUnit.MILLISECONDS);
            long millis = Math.ceilDiv(System.nanoTime() - begin, 1_000_000L);
            return ended(id, given, millis, initMillis);
        } catch (TimeoutException late) {
            close();
            String message =
                    String.format(
                            Locale.ROOT,
                            "RequestId: %s Error: Task timed out after %.2f seconds",
                            id,
                            function.timeout().toMillis() / 1000.0);
            return failed(
                    id,
                    "Sandbox.Timedout",
                    message,
                    null,
                    function.timeout().toMillis(),
                    initMillis);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException stopped) {
            close();
            throw stopped;
        } finally {
            watchdog.interrupt();
            current = null;
        }
    }

    private Invocation ended(String id, Answer given, long millis, long initMillis) {
        if (given.errorType().isEmpty() && given.body().length <= MAX_ANSWER) {
            return new Invocation.Returned(given.body(), report(id, millis, initMillis));
        }
        if (given.errorType().isEmpty()) {
            String message =
                    "Response payload size exceeded maximum allowed payload size (%d bytes)."
                            .formatted(MAX_ANSWER);
            return failed(id, "Function.ResponseSizeTooLarge", message, null, millis, initMillis);
        }
        if (given.body().length == 0) {
            return failed(
                    id,
                    given.errorType(),
                    "RequestId: %s Error: %s".formatted(id, exitReason(given)),
                    null,
                    millis,
                    initMillis);
        }
        JsonNode error = Json.tree("error of " + function.logicalId(), given.body());
        String type = error.path("errorType").asString(given.errorType());
        return failed(
                id,
                type,
                error.path("errorMessage").asString(""),
                given.body(),
                millis,
                initMillis);
    }

    private String exitReason(Answer given) {
        close();
        if (given.errorType().equals("Runtime.OutOfMemory")) {
            return "Runtime exited with error: signal: killed";
        }
        int status = process.isAlive() ? -1 : process.exitValue();
        return status > 128
                ? "Runtime exited with error: signal: " + signal(status - 128)
                : "Runtime exited with error: exit status " + status;
    }

    private static String signal(int number) {
        return switch (number) {
            case 6 -> "aborted";
            case 9 -> "killed";
            case 11 -> "segmentation fault";
            case 15 -> "terminated";
            default -> Integer.toString(number);
        };
    }

    private Invocation failed(
            String id,
            String type,
            String message,
            byte @Nullable [] body,
            long millis,
            long initMillis) {
        byte[] json =
                body == null
                        ? Json.write(Map.of("errorType", type, "errorMessage", message))
                        : body;
        return new Invocation.Failed(type, message, json, report(id, millis, initMillis));
    }

    private Invocation.Report report(String id, long millis, long initMillis) {
        return new Invocation.Report(
                function.logicalId(),
                id,
                millis,
                initMillis,
                function.memoryMegabytes(),
                (int) (kilobytes("VmHWM:") / 1024));
    }

    /**
     * Ends the process when its resident memory passes the configured size, as Lambda's sandbox
     * does.
     */
    private void watch(Event event) {
        try {
            while (!event.answer().isDone()) {
                if (kilobytes("VmRSS:") > 1024L * function.memoryMegabytes()) {
                    event.answer().complete(new Answer(new byte[0], "Runtime.OutOfMemory"));
                    process.destroyForcibly();
                    return;
                }
                Thread.sleep(50);
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }

    private long kilobytes(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException gone) {
            return 0;
        }
    }

    private void next(HttpExchange exchange) throws IOException {
        try (exchange) {
            ready.complete(Math.ceilDiv(System.nanoTime() - startedNanos, 1_000_000L));
            Event event = events.take();
            var headers = exchange.getResponseHeaders();
            headers.set("Lambda-Runtime-Aws-Request-Id", event.id());
            headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(event.deadlineMillis()));
            headers.set("Lambda-Runtime-Invoked-Function-Arn", function.arn());
            headers.set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, event.payload().length);
            exchange.getResponseBody().write(event.payload());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void answered(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            accept(exchange);
            Event event = current;
            if (event != null && path.contains(event.id())) {
                event.answer()
                        .complete(new Answer(body, path.endsWith("/error") ? "Unhandled" : ""));
            }
        }
    }

    private void initFailed(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            accept(exchange);
            ready.completeExceptionally(
                    new IllegalStateException(new String(body, StandardCharsets.UTF_8)));
        }
    }

    private static void accept(HttpExchange exchange) throws IOException {
        byte[] ok = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(202, ok.length);
        exchange.getResponseBody().write(ok);
    }

    private void exited(Process ended) {
        ready.completeExceptionally(
                new IllegalStateException(
                        "exited with status %d while starting; see its log"
                                .formatted(ended.exitValue())));
        Event event = current;
        if (event != null) {
            event.answer().complete(new Answer(new byte[0], "Runtime.ExitError"));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        api.stop(0);
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            DeploymentPackage.delete(folder);
        } catch (IOException leftBehind) {
            // A temporary folder of a process that is just being killed; the system clears it.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** How a function's process is started. */
    interface Launch {
        Process start(Stack.Function function, String runtimeApi, Path temporary)
                throws IOException;
    }
}

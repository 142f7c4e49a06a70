package dev.perennial.local.lambda;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.template.FunctionResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One process of one function. Takes one event at a time, and only when the process asks for one:
 * so a process that is about to end after its last event never gets another.
 */
final class Worker implements AutoCloseable {
    /** What Lambda gives a start-up before the event's own time-out begins to count. */
    private static final Duration INIT_LIMIT = Duration.ofSeconds(10);

    private static final Duration MEMORY_CHECK = Duration.ofMillis(25);

    private final FunctionResource function;
    private final InstantSource clock;
    private final Path folder;
    private final RuntimeApi api;
    private final Process process;
    private final long startedNanos;
    private final BlockingQueue<RuntimeApi.Event> events = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile @Nullable String current;
    private volatile long peakKilobytes;
    private volatile boolean overMemory;
    private boolean started;

    /** What the process does, as far as it can be seen from outside. */
    private sealed interface Signal {
        /** It waits for an event. */
        record Asks() implements Signal {}

        record Answers(byte[] payload) implements Signal {}

        record Fails(String type, byte[] body) implements Signal {}

        /** Its exit status; as a shell has it, 128 and the signal's number if it was killed. */
        record Ends(int status) implements Signal {}

        /** Nothing, for longer than it may. */
        record IsLate() implements Signal {}
    }

    /** Starts a function's process. */
    interface Launcher {
        /**
         * Starts.
         *
         * @param runtimeApi what AWS_LAMBDA_RUNTIME_API should say
         * @param folder for temporary files
         */
        Process start(FunctionResource function, String runtimeApi, Path folder) throws IOException;
    }

    Worker(FunctionResource function, Launcher launcher, InstantSource clock) throws IOException {
        this.function = function;
        this.clock = clock;
        this.folder = Files.createTempDirectory(Guardian.FOLDER_PREFIX + function.logicalId());
        this.api = new RuntimeApi(new Inbox());
        try {
            this.process = launcher.start(function, api.address(), folder);
            this.startedNanos = System.nanoTime(); // Lambda doesn't count the unpacking either
        } catch (IOException | RuntimeException failed) {
            api.close();
            DeploymentPackage.delete(folder);
            throw failed;
        }
        var _ =
                process.onExit()
                        .thenAccept(ended -> signals.add(new Signal.Ends(ended.exitValue())));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Runs one event.
     *
     * @return nothing if a warm process had ended before it took the event
     * @throws InterruptedException if the caller gave up; the process is then killed
     */
    Optional<Invocation> invoke(String requestId, byte[] payload) throws InterruptedException {
        Thread memory = Thread.ofVirtual().start(this::watchMemory);
        try {
            return run(requestId, payload);
        } catch (InterruptedException stopped) {
            close();
            throw stopped;
        } finally {
            memory.interrupt();
            current = null;
        }
    }

    private Optional<Invocation> run(String requestId, byte[] payload) throws InterruptedException {
        boolean cold = !started;
        started = true;
        Signal ready = await(function.timeout().plus(INIT_LIMIT));
        long initMillis = cold ? millisSince(startedNanos) : 0;
        if (ready instanceof Signal.Asks && signals.isEmpty()) {
            long begin = System.nanoTime();
            current = requestId;
            events.add(
                    new RuntimeApi.Event(
                            requestId,
                            function.arn(),
                            clock.millis() + function.timeout().toMillis(),
                            payload));
            Signal given = await(function.timeout());
            return Optional.of(conclude(requestId, given, millisSince(begin), initMillis));
        }
        close();
        return cold ? Optional.of(conclude(requestId, ready, 0, initMillis)) : Optional.empty();
    }

    private Signal await(Duration limit) throws InterruptedException {
        Signal next = signals.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        return next == null ? new Signal.IsLate() : next;
    }

    private Invocation conclude(String requestId, Signal last, long millis, long initMillis) {
        InvocationReport report = report(requestId, millis, initMillis);
        return switch (last) {
            case Signal.Answers(byte[] payload) when payload.length <= Functions.MAX_ANSWER ->
                    new Invocation.Returned(payload, report);
            case Signal.Answers _ ->
                    Invocation.FunctionError.of(
                            report,
                            "Function.ResponseSizeTooLarge",
                            "Response payload size exceeded maximum allowed payload size (%d bytes)."
                                    .formatted(Functions.MAX_ANSWER));
            case Signal.Fails(String type, byte[] body) -> reported(type, body, report);
            case Signal.IsLate _ -> {
                close();
                yield Invocation.FunctionError.of(
                        report,
                        "Sandbox.Timedout",
                        String.format(
                                Locale.ROOT,
                                "RequestId: %s Error: Task timed out after %.2f seconds",
                                requestId,
                                function.timeout().toMillis() / 1000.0));
            }
            case Signal.Ends(int status) -> {
                close();
                yield Invocation.FunctionError.of(
                        report,
                        overMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError",
                        "RequestId: %s Error: Runtime exited with error: %s"
                                .formatted(requestId, exit(status)));
            }
            case Signal.Asks _ -> {
                close();
                yield Invocation.FunctionError.of(
                        report,
                        "Runtime.ExitError",
                        "RequestId: %s Error: the runtime asked for an event while it had one"
                                .formatted(requestId));
            }
        };
    }

    private static String exit(int status) {
        return status > 128
                ? "signal: "
                        + switch (status - 128) {
                            case 4 -> "illegal instruction";
                            case 6 -> "aborted";
                            case 9 -> "killed";
                            case 11 -> "segmentation fault";
                            case 15 -> "terminated";
                            default -> Integer.toString(status - 128);
                        }
                : "exit status " + status;
    }

    /** An error in the function's own words. */
    private Invocation reported(String type, byte[] body, InvocationReport report) {
        try {
            JsonNode error = Json.tree("error of " + function.logicalId(), body);
            return new Invocation.FunctionError(
                    error.path("errorType").asString(type),
                    error.path("errorMessage").asString(""),
                    body,
                    report);
        } catch (MalformedJsonException notJson) {
            return Invocation.FunctionError.of(report, type, String.valueOf(notJson.getMessage()));
        }
    }

    private InvocationReport report(String requestId, long millis, long initMillis) {
        measure();
        return new InvocationReport(
                requestId,
                millis,
                function.isSnapshotted() ? millis : millis + initMillis,
                initMillis,
                function.memoryMegabytes(),
                Math.toIntExact(peakKilobytes / 1024));
    }

    private static long millisSince(long nanos) {
        return Math.ceilDiv(System.nanoTime() - nanos, 1_000_000L);
    }

    /**
     * Kills the process when its resident memory passes MemorySize, as Lambda's sandbox does. It is
     * looked at every few milliseconds, so a short peak between two looks goes unpunished;
     * processes that the function itself starts don't count.
     */
    private void watchMemory() {
        LockSupport.parkNanos(MEMORY_CHECK.toNanos()); // most events are over by then
        while (process.isAlive() && !Thread.currentThread().isInterrupted()) {
            if (measure() > 1024L * function.memoryMegabytes()) {
                overMemory = true;
                process.destroyForcibly();
                return;
            }
            LockSupport.parkNanos(MEMORY_CHECK.toNanos());
        }
    }

    private long measure() {
        long resident = 0;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    peakKilobytes = Math.max(peakKilobytes, kilobytes(line));
                } else if (line.startsWith("VmRSS:")) {
                    resident = kilobytes(line);
                }
            }
        } catch (IOException gone) {
            return 0; // the process has ended: what was measured before stays
        }
        return resident;
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Ends the process, without waiting for it. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        api.close();
        boolean interrupted = Thread.interrupted(); // a killed process ends at once: wait for it
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            DeploymentPackage.delete(folder);
        } catch (IOException leftBehind) {
            // Temporary files of a killed process; the system clears them.
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the process's calls arrive. What it says of an event that isn't its own is dropped. */
    private final class Inbox implements RuntimeApi.Listener {
        @Override
        public RuntimeApi.Event next() throws InterruptedException {
            signals.add(new Signal.Asks());
            return events.take();
        }

        @Override
        public void returned(String requestId, byte[] payload) {
            if (requestId.equals(current)) {
                signals.add(new Signal.Answers(payload));
            }
        }

        @Override
        public void failed(String requestId, String type, byte[] body) {
            if (requestId.equals(current)) {
                signals.add(new Signal.Fails(type, body));
            }
        }

        @Override
        public void initFailed(String type, byte[] body) {
            signals.add(new Signal.Fails(type, body));
        }
    }
}

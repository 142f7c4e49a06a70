package dev.perennial.aws;

import dev.perennial.core.run.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures what a call is billed for, from inside. Lambda's own REPORT line is exact; this is
 * within a few milliseconds, and a run can sum it up without reading logs. The first call of a
 * process counts its start-up too, as Lambda does, unless it was started before it was called.
 */
final class Meter {
    static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";
    static final String SNAP_START = "snap-start";

    /** Where a call doesn't pay for the start-up, in Lambda's words. */
    private static final Set<String> STARTED_BEFORE = Set.of(SNAP_START, "provisioned-concurrency");

    private static final Path STATUS = Path.of("/proc/self/status");

    private final int memoryMegabytes;
    private final AtomicBoolean startIsUnreported;

    private Meter(int memoryMegabytes, boolean startIsBilled) {
        this.memoryMegabytes = memoryMegabytes;
        this.startIsUnreported = new AtomicBoolean(startIsBilled);
    }

    /** A reading of the clocks when a call began. */
    record Reading(Instant at, long nanos, long startUpMillis) {}

    /**
     * @param environment the function's variables
     */
    static Meter of(Map<String, String> environment) {
        String memory = environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0");
        String start = environment.getOrDefault(INITIALIZATION_TYPE, "on-demand");
        return new Meter(Integer.parseInt(memory), !STARTED_BEFORE.contains(start));
    }

    Reading start() {
        return new Reading(
                Instant.now(),
                System.nanoTime(),
                startIsUnreported.getAndSet(false) ? uptimeMillis() : 0);
    }

    Usage stop(String step, Reading begin) {
        long millis =
                Math.ceilDiv(System.nanoTime() - begin.nanos(), 1_000_000L) + begin.startUpMillis();
        return new Usage(step, millis, memoryMegabytes, peakMegabytes());
    }

    private static long uptimeMillis() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis())
                .orElse(0L);
    }

    /** Peak resident memory of this process; 0 where the system doesn't say. */
    private static int peakMegabytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException absent) {
            return 0;
        }
    }
}

package dev.perennial.local.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Says on a line each which month a replay has reached. */
final class ReplayProgress {
    private final PrintWriter err;
    private final String policy;
    private final long began = System.nanoTime();
    private @Nullable YearMonth month;

    ReplayProgress(PrintWriter err, String policy) {
        this.err = err;
        this.policy = policy;
    }

    void reached(Instant now) {
        YearMonth reached = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        if (!reached.equals(month)) {
            month = reached;
            err.printf("  %s: %s (%.1f s)%n", policy, reached, (System.nanoTime() - began) / 1e9);
            err.flush();
        }
    }
}

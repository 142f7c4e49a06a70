package dev.perennial.core.monitor;

import dev.perennial.core.drift.PairProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** References of champions whose features nobody looks at. */
final class References {
    private References() {}

    /** What is known of a test split: its rows, their mean error and its variance per row. */
    static Reference of(double error, double variance, long rows, OptionalDouble expected) {
        return new Reference(
                1,
                Instant.EPOCH,
                Map.of(),
                new PairProfile(List.of(), 0, new double[0], new double[0]),
                List.of(),
                Map.of(),
                error,
                expected,
                rows,
                variance,
                100);
    }
}

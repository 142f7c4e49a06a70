package dev.perennial.core.spec;

import java.time.Duration;

/**
 * How the live side is watched.
 *
 * @param falseAlarms how many alarms without a cause all detectors together may raise {@code per}
 *     period; thresholds follow from it
 * @param check how often the monitor looks
 * @param window how much live traffic a feature's distribution is taken from; whole days
 * @param smallestRise the rise of the mean loss that is worth an alarm: absolute for a
 *     classification's error rate, in standard deviations of the loss for a regression
 */
public record DriftSpec(
        double falseAlarms, Duration per, Duration check, Duration window, double smallestRise) {
    /** Rows of a {@link #window} and the day that has begun at a pace, at least 1. */
    public int windowRows(double rowsPerDay) {
        return (int) Math.clamp(rowsPerDay * (window.toDays() + 1), 1, Integer.MAX_VALUE);
    }

    /** What a spec without the block means. */
    public static final DriftSpec STANDARD =
            new DriftSpec(1, Duration.ofDays(28), Duration.ofHours(1), Duration.ofDays(7), 0.05);
}

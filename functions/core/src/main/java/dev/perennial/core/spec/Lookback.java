package dev.perennial.core.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * Which past a candidate learns from, and how much of it counts.
 *
 * @param window only rows so far back from the newest training row; empty: all of the snapshot's
 * @param halfLife a row that is older by this counts half as much; empty: all count alike
 */
public record Lookback(Optional<Duration> window, Optional<Duration> halfLife) {
    /** Every training row, each as much as the other. */
    public static final Lookback ALL = new Lookback(Optional.empty(), Optional.empty());

    public Lookback {
        window.ifPresent(Lookback::checkPositive);
        halfLife.ifPresent(Lookback::checkPositive);
    }

    static Lookback window(Duration window) {
        return new Lookback(Optional.of(window), Optional.empty());
    }

    static Lookback halfLife(Duration halfLife) {
        return new Lookback(Optional.empty(), Optional.of(halfLife));
    }

    /** Such as {@code newest 10 weeks} or {@code half life of 8 weeks}; empty where all count. */
    public String words() {
        return window.map(each -> "newest " + words(each))
                .or(() -> halfLife.map(each -> "half life of " + words(each)))
                .orElse("");
    }

    private static String words(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds % 604_800 == 0
                ? count(seconds / 604_800, "week")
                : seconds % 86_400 == 0
                        ? count(seconds / 86_400, "day")
                        : seconds % 3_600 == 0
                                ? count(seconds / 3_600, "hour")
                                : count(seconds / 60, "minute");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    private static void checkPositive(Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("a look back of " + duration);
        }
    }
}

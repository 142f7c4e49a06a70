package dev.perennial.core.drift;

import java.util.Optional;

/**
 * The drift detection method of Gama, Medas, Castillo and Rodrigues (2004, <i>Learning with Drift
 * Detection</i>): an alarm where the error rate exceeds its lowest by a number of its standard
 * deviations. Step by step River's {@code drift.binary.DDM}, and with its trap: after more values
 * than the warm start without an error the lowest level is 0 ± 0, and the first error is an alarm.
 *
 * @param lowest the level with the smallest sum of rate and deviation since the start
 */
public record Ddm(Settings settings, RunningMean rate, Optional<Level> lowest, boolean alarm)
        implements ErrorDetector {
    /**
     * Settings; the defaults of River are 30 and 3.
     *
     * @param warmStart values up to which there is no alarm
     * @param deviations above the lowest level that are drift
     */
    public record Settings(int warmStart, double deviations) {
        public static final Settings RIVER = new Settings(30, 3);

        public Settings {
            ErrorDetector.require(deviations > 0, "deviations are above 0", deviations);
        }
    }

    /** An error rate and its standard deviation. */
    public record Level(double rate, double deviation) {}

    /** Before the first value. */
    public static Ddm start(Settings settings) {
        return new Ddm(settings, RunningMean.NONE, Optional.empty(), false);
    }

    @Override
    public Ddm update(double value) {
        if (alarm) {
            return start(settings).update(value);
        }
        RunningMean next = rate.and(ErrorDetector.finite(value));
        if (next.count() <= settings.warmStart()) {
            return new Ddm(settings, next, Optional.empty(), false);
        }
        double deviation = Math.sqrt(next.value() * (1 - next.value()) / next.count());
        double level = next.value() + deviation;
        Level least =
                lowest.filter(each -> level > each.rate() + each.deviation())
                        .orElse(new Level(next.value(), deviation));
        boolean drift = level > least.rate() + settings.deviations() * least.deviation();
        return new Ddm(settings, next, Optional.of(least), drift);
    }
}

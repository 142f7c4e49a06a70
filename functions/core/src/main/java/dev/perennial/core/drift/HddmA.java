package dev.perennial.core.drift;

/**
 * Hoeffding's bound on averages (Frías-Blanco and others 2015, <i>Online and Non-Parametric Drift
 * Detection Methods Based on Hoeffding's Bounds</i>, the A-test): an alarm where the mean exceeds
 * that up to its lowest point by more than chance allows. Step by step River's {@code
 * drift.binary.HDDMA}, one-sided.
 *
 * @param mean of all values since the start
 * @param lowest the mean up to the cut, from which a rise is measured
 */
public record HddmA(double confidence, RunningMean mean, RunningMean lowest, boolean alarm)
        implements ErrorDetector {
    /** River's default. */
    public static final double RIVER = 0.001;

    public HddmA {
        ErrorDetector.require(
                confidence > 0 && confidence < 1, "confidence is between 0 and 1", confidence);
    }

    /**
     * Before the first value.
     *
     * @param confidence probability of a false alarm at one value, above 0 and below 1
     */
    public static HddmA start(double confidence) {
        return new HddmA(confidence, RunningMean.NONE, RunningMean.NONE, false);
    }

    @Override
    public HddmA update(double value) {
        if (alarm) {
            return start(confidence).update(value);
        }
        RunningMean now = mean.and(ErrorDetector.finite(value));
        RunningMean cut =
                lowest.count() == 0 || lowest.value() + bound(lowest) >= now.value() + bound(now)
                        ? now
                        : lowest;
        return new HddmA(confidence, now, cut, rises(cut, now));
    }

    private double bound(RunningMean of) {
        return Math.sqrt(1.0 / (2 * of.count()) * Math.log(1.0 / confidence));
    }

    private boolean rises(RunningMean from, RunningMean to) {
        if (from.count() == to.count()) {
            return false;
        }
        double m = (double) (to.count() - from.count()) / from.count() * (1.0 / to.count());
        return to.value() - from.value() >= Math.sqrt(m / 2 * Math.log(2.0 / confidence));
    }
}

package dev.perennial.core.drift;

/**
 * The early drift detection method of Baena-García and others (2006, <i>Early Drift Detection
 * Method</i>): an alarm where errors come closer together than they did at best. Step by step
 * River's {@code drift.binary.EDDM}.
 *
 * @param values since the start
 * @param lastError how many values had come with the last error; 0 before the first
 * @param distance mean distance between errors
 * @param squares sum of the squared deviations from it
 * @param farthest largest mean distance and two deviations since the start; −1 before the first
 */
public record Eddm(
        Settings settings,
        long values,
        long lastError,
        RunningMean distance,
        double squares,
        double farthest,
        boolean alarm)
        implements ErrorDetector {
    /**
     * Settings; the defaults of River are 30 and 0.9.
     *
     * @param warmStart values up to which no distance counts as the farthest, and errors up to
     *     which there is no alarm
     * @param beta share of the farthest distance below which it is drift
     */
    public record Settings(int warmStart, double beta) {
        public static final Settings RIVER = new Settings(30, 0.9);

        public Settings {
            ErrorDetector.require(beta > 0 && beta < 1, "beta is between 0 and 1", beta);
        }
    }

    /** Before the first value. */
    public static Eddm start(Settings settings) {
        return new Eddm(settings, 0, 0, RunningMean.NONE, 0, -1, false);
    }

    @Override
    public Eddm update(double value) {
        if (alarm) {
            return start(settings).update(value);
        }
        long now = values + 1;
        if (ErrorDetector.finite(value) != 1) {
            return new Eddm(settings, now, lastError, distance, squares, farthest, false);
        }
        double gap = now - lastError;
        RunningMean mean = distance.and(gap);
        double sum = squares + (gap - distance.value()) * (gap - mean.value());
        double variance = mean.count() < 2 ? 0 : sum / (mean.count() - 1);
        double reach = mean.value() + 2 * Math.sqrt(variance);
        boolean isFarther = now > settings.warmStart() && reach > farthest;
        boolean drift =
                now > settings.warmStart()
                        && !isFarther
                        && mean.count() > settings.warmStart()
                        && reach / farthest < settings.beta();
        return new Eddm(settings, now, now, mean, sum, isFarther ? reach : farthest, drift);
    }
}

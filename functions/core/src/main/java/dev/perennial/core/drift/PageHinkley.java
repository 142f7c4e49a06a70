package dev.perennial.core.drift;

/**
 * Page-Hinkley's test for a rise of a stream's mean (Page 1954; Hinkley 1971), step by step as
 * River's {@code drift.PageHinkley} in mode {@code up} computes it. After an alarm the next value
 * begins anew. Unlike River's, it may start with a reference mean and the number of values that it
 * stands for; then what it has learned of the mean since outlasts an alarm, or a reference that was
 * a little off would raise one after the other.
 *
 * @param values the mean is of so many values, the reference's included
 * @param mean of the values so far
 * @param seen values since the start; 0: none
 * @param sum of the deviations above the mean and {@code delta}, with forgetting
 * @param least the smallest sum since the start; 0 before the first value
 * @param alarm whether the last value set it off
 */
public record PageHinkley(
        Settings settings,
        Mean start,
        double values,
        double mean,
        long seen,
        double sum,
        double least,
        boolean alarm)
        implements ErrorDetector {
    /**
     * Settings; the defaults of River are 30, 0.005, 50 and 0.9999.
     *
     * @param leastValues values, the reference's included, before which there is no alarm
     * @param delta the rise of the mean that is tolerated, in units of the values
     * @param threshold that the statistic has to exceed, in units of the values
     * @param alpha the share of the sum that is kept from one value to the next, 0 to 1
     */
    public record Settings(long leastValues, double delta, double threshold, double alpha) {
        public static final Settings RIVER = new Settings(30, 0.005, 50, 0.9999);

        public Settings {
            ErrorDetector.require(Double.isFinite(delta), "delta is finite", delta);
            ErrorDetector.require(threshold >= 0, "threshold is at least 0", threshold);
            ErrorDetector.require(alpha >= 0 && alpha <= 1, "alpha is from 0 to 1", alpha);
        }
    }

    /**
     * A mean and how many values it stands for; fractional, since dependent values stand for fewer
     * independent ones.
     */
    public record Mean(double value, double weight) {
        public static final Mean UNKNOWN = new Mean(0, 0);

        public Mean {
            ErrorDetector.finite(value);
            ErrorDetector.require(weight >= 0, "a mean's weight is at least 0", weight);
        }
    }

    /** Before the first value. */
    public static PageHinkley start(Settings settings, Mean reference) {
        return new PageHinkley(
                settings, reference, reference.weight(), reference.value(), 0, 0, 0, false);
    }

    /** After one more value. */
    @Override
    public PageHinkley update(double value) {
        if (alarm) {
            return start(settings, start.weight() == 0 ? start : new Mean(mean, values))
                    .update(value);
        }
        double count = values + 1;
        double newMean = mean + 1 / count * (ErrorDetector.finite(value) - mean);
        double newSum = settings.alpha() * sum + (value - newMean) - settings.delta();
        double newLeast = seen == 0 ? newSum : Math.min(least, newSum);
        boolean exceeded =
                count >= settings.leastValues() && newSum - newLeast > settings.threshold();
        return new PageHinkley(
                settings, start, count, newMean, seen + 1, newSum, newLeast, exceeded);
    }

    /** How far the sum has risen from its least; an alarm where it exceeds the threshold. */
    public double statistic() {
        return sum - least;
    }
}

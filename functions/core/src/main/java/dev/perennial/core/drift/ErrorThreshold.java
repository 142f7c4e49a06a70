package dev.perennial.core.drift;

import dev.perennial.core.drift.PageHinkley.Mean;
import dev.perennial.core.drift.PageHinkley.Settings;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The threshold of {@link PageHinkley} that a stream without change exceeds as often as a spec
 * allows. Found by simulation with a fixed seed: streams whose mean is drawn from what the test
 * split leaves possible, and whose values last as the test split's do, watched for a while; the
 * threshold is a quantile of their highest statistics. A longer watch adds what the exponential
 * tail of such maxima says (Siegmund 1985, <i>Sequential Analysis</i>, ch. 8 and 10): ln(length
 * ratio) ÷ θ, where θ > 0 solves E exp(θ·(value − mean − delta)) = 1.
 */
public final class ErrorThreshold {
    private static final int STREAMS = 1_000;
    private static final int MOST_VALUES = 5_000;
    private static final long SEED = 20_260_301L;

    private ErrorThreshold() {}

    /**
     * What is known of a stream without change.
     *
     * @param mean of the loss
     * @param rows independent rows that this is worth
     * @param variance of the loss per row
     * @param designEffect how much the mean of dependent rows varies more than that of independent
     *     ones, ≥ 1
     * @param binary whether a loss is 0 or 1
     */
    public record Tested(
            double mean, double rows, double variance, double designEffect, boolean binary) {
        /**
         * Of errors counted on a test split. Two successes and two failures are added (Agresti and
         * Coull 1998): a rate of 0 on few rows is luck.
         *
         * @param rate share of wrong rows
         * @param rows that it was counted on
         * @param designEffect rows × squared standard error of the rate ÷ rate(1 − rate)
         */
        public static Tested ofErrors(double rate, double rows, double designEffect) {
            double effect = Math.max(1, designEffect);
            double independent = rows / effect;
            double mean = (rate * independent + 2) / (independent + 4);
            return new Tested(mean, independent + 4, mean * (1 - mean), effect, true);
        }

        /**
         * Of losses measured on a test split.
         *
         * @param longRunVariance rows × squared standard error of the mean
         */
        public static Tested ofLosses(double mean, double rows, double longRunVariance) {
            return new Tested(mean, Math.max(1, rows), longRunVariance, 1, false);
        }

        /** The share of values that repeat the one before, in a stream of this design effect. */
        private double lasting() {
            return (designEffect - 1) / (designEffect + 1);
        }

        /** The reference that a detector starts with. */
        public Mean reference() {
            return new Mean(mean, rows);
        }
    }

    /**
     * Derives settings.
     *
     * @param smallestRise of the mean that is worth an alarm, in units of the loss
     * @param alarms expected number of alarms within a period of {@code values}, more than 0
     * @param values that come within the period
     */
    public static Settings settings(
            Tested tested, double smallestRise, double alarms, double values) {
        double delta = smallestRise / 2;
        int watched = (int) Math.clamp(Math.ceil(values), 1, MOST_VALUES);
        double[] highest = new double[STREAMS];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int stream = 0; stream < STREAMS; stream++) {
            highest[stream] = highest(tested, delta, watched, random);
        }
        Arrays.sort(highest);
        // The chance of none within a period, if alarms come by chance (Poisson).
        double none = Math.exp(-alarms);
        int index = (int) Math.min(STREAMS - 1L, (long) Math.ceil(none * STREAMS));
        double longer = Math.log(Math.max(1, values / watched)) / exponent(tested, delta);
        return new Settings(1, delta, highest[index] + longer, 1);
    }

    private static double highest(
            Tested tested, double delta, int watched, SplittableRandom random) {
        double deviation = Math.sqrt(tested.variance());
        double drawn = tested.mean() + deviation / Math.sqrt(tested.rows()) * random.nextGaussian();
        double truth = tested.binary() ? Math.clamp(drawn, 0, 1) : drawn;
        double lasting = tested.lasting();
        double count = tested.rows();
        double mean = tested.mean();
        double statistic = 0;
        double most = 0;
        double value = value(tested, truth, deviation, random);
        for (int i = 0; i < watched; i++) {
            if (lasting == 0 || random.nextDouble() >= lasting) {
                value = value(tested, truth, deviation, random);
            }
            count++;
            mean += (value - mean) / count;
            statistic = Math.max(0, statistic + value - mean - delta);
            most = Math.max(most, statistic);
        }
        return most;
    }

    private static double value(
            Tested tested, double truth, double deviation, SplittableRandom random) {
        if (tested.binary()) {
            return random.nextDouble() < truth ? 1 : 0;
        }
        return truth + deviation * random.nextGaussian();
    }

    /** θ of independent values; those that last have it divided by their design effect. */
    private static double exponent(Tested tested, double delta) {
        if (!tested.binary()) {
            return 2 * delta / tested.variance();
        }
        double up = 1 - tested.mean() - delta;
        if (up <= 0) {
            return Double.POSITIVE_INFINITY; // nothing can rise above the mean by so much
        }
        double low = 0;
        double high = 1;
        while (excess(tested.mean(), delta, high) < 0) {
            high *= 2;
        }
        for (int i = 0; i < 100; i++) {
            double middle = (low + high) / 2;
            if (excess(tested.mean(), delta, middle) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high / tested.designEffect();
    }

    private static double excess(double mean, double delta, double theta) {
        return mean * Math.exp(theta * (1 - mean - delta))
                + (1 - mean) * Math.exp(-theta * (mean + delta))
                - 1;
    }
}

package dev.perennial.core.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Bounds of a mean that may be looked at whenever one likes: with the stated probability the mean
 * lies within them at all looks together, so that stopping at the first look that shows something
 * is no peeking (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, "Time-uniform central limit
 * theory and asymptotic confidence sequences", the one-sided sequence of Robbins' normal mixture).
 *
 * <p>It holds asymptotically, for members that may depend on their neighbours: the variance is that
 * of blocks as long as the dependence lasts ({@link BlockLength}), by overlapping batch means
 * (Meketon and Schmeiser 1984). Where too few blocks have been seen there are no bounds yet.
 */
public final class ConfidenceSequence {
    /** Fewer don't show how much blocks vary. */
    private static final int LEAST_BLOCKS = 15;

    /**
     * The length that suits a bootstrap best still makes the variance a little small. So much
     * longer keeps the stated probability for neighbours that correlate by 0.8, see
     * ConfidenceSequenceTest.
     */
    private static final double LONGER = 1.5;

    private ConfidenceSequence() {}

    /**
     * The mean per row, with a lower and an upper bound that each hold by themselves.
     *
     * @param sums of the rows' values, one per period, in order of time
     * @param rows of each period, at least 1
     * @param confidence of each bound at all looks together, between 0.5 and 1; the interval's own
     *     is what both have together
     * @param tightest the number of periods at which the bounds should be tightest, at least 1;
     *     chosen before the first look
     * @return empty as long as there are too few periods, or they don't vary
     */
    public static Optional<Interval> of(
            double[] sums, long[] rows, double confidence, double tightest) {
        int n = sums.length;
        if (n < LEAST_BLOCKS) {
            return Optional.empty();
        }
        double all = Arrays.stream(rows).sum();
        double mean = Arrays.stream(sums).sum() / all;
        double[] centred =
                IntStream.range(0, n).mapToDouble(i -> sums[i] - mean * rows[i]).toArray();
        int length = Math.max(1, (int) Math.ceil(LONGER * BlockLength.of(centred)));
        double variance = variance(centred, length);
        if (n < LEAST_BLOCKS * length || !(variance > 0)) {
            return Optional.empty();
        }
        double error = 1 - confidence;
        double logs = -2 * Math.log(2 * error);
        double rho = (logs + Math.log(Math.max(1, logs)) + 1) / tightest;
        double grown = n * rho + 1;
        double radius =
                Math.sqrt(
                                2
                                        * variance
                                        * (grown / rho)
                                        * Math.log(1 + Math.sqrt(grown) / (2 * error)))
                        / all;
        return Optional.of(new Interval(mean, mean - radius, mean + radius, 1 - 2 * error));
    }

    /** Long-run variance per period, of overlapping batches of a length. */
    private static double variance(double[] centred, int length) {
        int n = centred.length;
        if (n <= length) {
            return Double.NaN;
        }
        double batch = Arrays.stream(centred, 0, length).sum();
        double squares = batch * batch;
        for (int i = length; i < n; i++) {
            batch += centred[i] - centred[i - length];
            squares += batch * batch;
        }
        return squares * n / ((double) length * (n - length) * (n - length + 1));
    }
}

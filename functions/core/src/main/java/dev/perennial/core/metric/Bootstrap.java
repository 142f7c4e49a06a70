package dev.perennial.core.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Percentile intervals (Efron and Tibshirani 1993, ch. 13) by resampling blocks of neighbouring
 * rows (moving blocks, Künsch 1989), since rows in order of time depend on each other. A resample
 * is how often each row counts; all metrics share the same resamples, so that differences are
 * paired. The same seed gives the same intervals.
 */
public final class Bootstrap {
    /** Fewer defined resamples than this say nothing of the tails. */
    private static final double LEAST_DEFINED = 0.9;

    private final int rows;
    private final int blockLength;
    private final long[] seeds;

    private Bootstrap(int rows, int blockLength, long[] seeds) {
        this.rows = rows;
        this.blockLength = blockLength;
        this.seeds = seeds;
    }

    /**
     * Prepares resamples.
     *
     * @param rows in order of time
     * @param blockLength rows per block; 1 for independent rows
     */
    public static Bootstrap of(int rows, int resamples, int blockLength, long seed) {
        int length = Math.clamp(blockLength, 1, Math.max(1, rows));
        return new Bootstrap(rows, length, new SplittableRandom(seed).longs(resamples).toArray());
    }

    /**
     * How often each row counts in a resample. Drawn anew when needed: a thousand resamples of a
     * large table don't fit memory.
     */
    private int[] resample(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] weights = new int[rows];
        for (int drawn = 0; drawn < rows; ) {
            int start = random.nextInt(rows - blockLength + 1);
            for (int i = 0; i < blockLength && drawn < rows; i++, drawn++) {
                weights[start + i]++;
            }
        }
        return weights;
    }

    /**
     * The metric with its two-sided interval; empty where it is undefined.
     *
     * @param confidence at least 0, where both limits are the resamples' median, and below 1
     * @throws IllegalArgumentException if there are more or fewer predictions than rows
     */
    public Optional<Interval> interval(Metric metric, Predictions predictions, double confidence) {
        requireRows(predictions);
        Weighted measured = Weighted.of(metric, predictions);
        return interval(metric.of(predictions), measured::apply, confidence);
    }

    /**
     * By how much a candidate is better than another model on the same rows, in the metric's better
     * direction.
     *
     * @param confidence of the two-sided interval; for a one-sided bound at c pass 2c − 1
     * @throws IllegalArgumentException if there are more or fewer predictions than rows
     */
    public Optional<Interval> improvement(
            Metric metric, Predictions candidate, Predictions other, double confidence) {
        requireRows(candidate);
        requireRows(other);
        Weighted ours = Weighted.of(metric, candidate);
        Weighted theirs = Weighted.of(metric, other);
        Weighted minuend = metric.higherIsBetter() ? ours : theirs;
        Weighted subtrahend = metric.higherIsBetter() ? theirs : ours;
        int[] once = new int[rows];
        Arrays.fill(once, 1);
        return interval(
                difference(minuend.apply(once), subtrahend.apply(once)),
                resample -> difference(minuend.apply(resample), subtrahend.apply(resample)),
                confidence);
    }

    /** Fewer predictions than rows would be measured in part, and nobody would notice. */
    private void requireRows(Predictions predictions) {
        if (predictions.rows() != rows) {
            throw new IllegalArgumentException(
                    "%d predictions for resamples of %d rows".formatted(predictions.rows(), rows));
        }
    }

    private static OptionalDouble difference(OptionalDouble minuend, OptionalDouble subtrahend) {
        return minuend.isPresent() && subtrahend.isPresent()
                ? OptionalDouble.of(minuend.getAsDouble() - subtrahend.getAsDouble())
                : OptionalDouble.empty();
    }

    private Optional<Interval> interval(
            OptionalDouble estimate, Function<int[], OptionalDouble> statistic, double confidence) {
        if (!(confidence >= 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "a confidence is at least 0 and below 1, such as 0.95, but is " + confidence);
        }
        double[] values =
                Arrays.stream(seeds)
                        .mapToObj(this::resample)
                        .map(statistic)
                        .filter(OptionalDouble::isPresent)
                        .mapToDouble(OptionalDouble::getAsDouble)
                        .sorted()
                        .toArray();
        if (estimate.isEmpty()
                || values.length < LEAST_DEFINED * seeds.length
                || values.length == 0) {
            return Optional.empty();
        }
        double tail = (1 - confidence) / 2;
        return Optional.of(
                new Interval(
                        estimate.getAsDouble(),
                        quantile(values, tail),
                        quantile(values, 1 - tail),
                        confidence));
    }

    /**
     * Linear interpolation between order statistics (Hyndman and Fan 1996, type 7; NumPy's
     * default).
     */
    private static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}

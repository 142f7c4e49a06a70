package dev.perennial.core.metric;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How sure a metric is, by resampling blocks of neighbouring moments (circular blocks, Politis and
 * Romano 1992). A resample is how often each row counts; all metrics share the same resamples, so
 * that differences are paired. The same seed gives the same intervals.
 *
 * <p>Few blocks make a bootstrap too sure of itself, by √(b/(b−1)) and for want of Student's tails;
 * both are corrected as Hesterberg (2015, "What teachers should know about the bootstrap") does.
 */
public final class Bootstrap {
    /** Fewer defined resamples than this say nothing of the tails. */
    private static final double LEAST_DEFINED = 0.9;

    private final Blocks blocks;
    private final long[] seeds;

    private Bootstrap(Blocks blocks, long[] seeds) {
        this.blocks = blocks;
        this.seeds = seeds;
    }

    public static Bootstrap of(Blocks blocks, int resamples, long seed) {
        return new Bootstrap(blocks, new SplittableRandom(seed).longs(resamples).toArray());
    }

    /**
     * The metric with its two-sided percentile interval, expanded for few blocks; empty where it is
     * undefined, or where all rows lie in one block.
     *
     * @param confidence at least 0, where both limits are the resamples' median, and below 1
     * @throws IllegalArgumentException if there are more or fewer predictions than rows
     */
    public Optional<Interval> interval(Metric metric, Predictions predictions, double confidence) {
        if (!(confidence >= 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "a confidence is at least 0 and below 1, such as 0.95, but is " + confidence);
        }
        requireRows(predictions, blocks.rows());
        int[] rows = IntStream.range(0, blocks.rows()).toArray();
        int drawn = blocks.blocksOf(rows);
        OptionalDouble estimate = metric.of(predictions);
        if (estimate.isEmpty() || drawn < 2) {
            return Optional.empty();
        }
        double[] values = resampled(Weighted.of(metric, predictions), rows);
        if (tooFew(values)) {
            return Optional.empty();
        }
        Arrays.sort(values);
        double t = TDistribution.of(drawn - 1).inverseSurvivalProbability((1 - confidence) / 2);
        double tail =
                NormalDistribution.of(0, 1).survivalProbability(t * Math.sqrt(expansion(drawn)));
        return Optional.of(
                new Interval(
                        estimate.getAsDouble(),
                        quantile(values, tail),
                        quantile(values, 1 - tail),
                        confidence));
    }

    /**
     * By how much a candidate is better than another model on some of the rows; empty where the
     * metric is undefined, or where the rows lie in one block.
     *
     * @param candidate its predictions for these rows
     * @param other the other model's
     * @param rows ascending indices
     * @throws IllegalArgumentException if there are more or fewer predictions than rows
     */
    public Optional<Improvement> improvement(
            Metric metric, Predictions candidate, Predictions other, int[] rows) {
        requireRows(candidate, rows.length);
        requireRows(other, rows.length);
        Weighted ours = Weighted.of(metric, candidate);
        Weighted theirs = Weighted.of(metric, other);
        Weighted better =
                metric.higherIsBetter() ? difference(ours, theirs) : difference(theirs, ours);
        int drawn = blocks.blocksOf(rows);
        OptionalDouble estimate =
                better.apply(IntStream.generate(() -> 1).limit(rows.length).toArray());
        if (estimate.isEmpty() || drawn < 2) {
            return Optional.empty();
        }
        double[] values = resampled(better, rows);
        if (tooFew(values)) {
            return Optional.empty();
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance =
                Arrays.stream(values).map(each -> (each - mean) * (each - mean)).sum()
                        / (values.length - 1);
        return Optional.of(
                new Improvement(
                        estimate.getAsDouble(), Math.sqrt(variance * expansion(drawn)), drawn - 1));
    }

    /** A resample of b blocks varies as if the mean were known: less by (b − 1)/b. */
    private static double expansion(int drawn) {
        return drawn / (drawn - 1.0);
    }

    /** Fewer predictions than rows would be measured in part, and nobody would notice. */
    private static void requireRows(Predictions predictions, int rows) {
        if (predictions.rows() != rows) {
            throw new IllegalArgumentException(
                    "%d predictions for resamples of %d rows".formatted(predictions.rows(), rows));
        }
    }

    private static Weighted difference(Weighted minuend, Weighted subtrahend) {
        return weights -> {
            OptionalDouble from = minuend.apply(weights);
            OptionalDouble taken = subtrahend.apply(weights);
            return from.isPresent() && taken.isPresent()
                    ? OptionalDouble.of(from.getAsDouble() - taken.getAsDouble())
                    : OptionalDouble.empty();
        };
    }

    /** The statistic of each resample in which it is defined. */
    private double[] resampled(Weighted statistic, int[] rows) {
        return Arrays.stream(seeds)
                .parallel()
                .mapToObj(seed -> statistic.apply(resample(seed, rows)))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
    }

    private boolean tooFew(double[] values) {
        return values.length < 2 || values.length < LEAST_DEFINED * seeds.length;
    }

    /**
     * How often each of the given rows counts in a resample. Drawn anew when needed: a thousand
     * resamples of a large table don't fit memory.
     */
    private int[] resample(long seed, int[] rows) {
        SplittableRandom random = new SplittableRandom(seed);
        int moments = blocks.moments();
        int[] times = new int[moments];
        for (int drawn = 0; drawn < moments; ) {
            int start = random.nextInt(moments);
            for (int i = 0; i < blocks.length() && drawn < moments; i++, drawn++) {
                times[(start + i) % moments]++;
            }
        }
        int[] weights = new int[rows.length];
        int moment = 0;
        for (int i = 0; i < rows.length; i++) {
            while (blocks.starts()[moment + 1] <= rows[i]) {
                moment++;
            }
            weights[i] = times[moment];
        }
        return weights;
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

package dev.perennial.core.drift;

import dev.perennial.core.profile.NumberProfile;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Distances between a live sample and the reference as other tools and people know them, from the
 * profiles' sketches. They say how far, not whether by chance.
 *
 * @param jensenShannon over deciles or frequent values, and missing ones: the square root of the
 *     divergence to base 2 (Endres and Schindelin 2003), 0 to 1
 * @param kolmogorovSmirnov largest difference of the distribution functions, 0 to 1; of numbers
 * @param wasserstein mean distance that values would have to be moved, in the column's unit; of
 *     numbers
 * @param chiSquare Pearson's statistic of both samples' counts, for as many degrees of freedom as
 *     bins less one; of categories
 */
public record Distances(
        double jensenShannon,
        OptionalDouble kolmogorovSmirnov,
        OptionalDouble wasserstein,
        OptionalDouble chiSquare) {
    /** Points per sample at which distribution functions are compared; sketches know no more. */
    private static final int POINTS = 512;

    static Distances of(Binned binned) {
        BinnedSamples samples = binned.samples();
        if (binned.reference() instanceof NumberProfile from
                && binned.live() instanceof NumberProfile to) {
            if (from.count() == 0 || to.count() == 0) {
                return new Distances(
                        jensenShannon(samples),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty());
            }
            double[] at =
                    DoubleStream.concat(points(from), points(to)).sorted().distinct().toArray();
            double[] gaps = gaps(from, to, at);
            return new Distances(
                    jensenShannon(samples),
                    OptionalDouble.of(Arrays.stream(gaps).max().orElse(0)),
                    OptionalDouble.of(area(at, gaps)),
                    OptionalDouble.empty());
        }
        return new Distances(
                jensenShannon(samples),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(chiSquare(samples)));
    }

    private static double jensenShannon(BinnedSamples samples) {
        double m = samples.referenceRows();
        double n = samples.liveRows();
        double sum = 0;
        for (int bin = 0; bin < samples.live().length; bin++) {
            double p = samples.reference()[bin] / m;
            double q = samples.live()[bin] / n;
            sum += part(p, (p + q) / 2) + part(q, (p + q) / 2);
        }
        return Math.sqrt(Math.max(0, sum / 2 / Math.log(2)));
    }

    private static double part(double share, double middle) {
        return share <= 0 ? 0 : share * Math.log(share / middle);
    }

    private static double chiSquare(BinnedSamples samples) {
        double m = samples.referenceRows();
        double n = samples.liveRows();
        double sum = 0;
        for (int bin = 0; bin < samples.live().length; bin++) {
            double both = samples.reference()[bin] + samples.live()[bin];
            double difference = samples.live()[bin] - both * n / (m + n);
            // Both samples miss by the same number, of expectations that add up to 1/(m·n).
            sum += both == 0 ? 0 : difference * difference / both * (m + n) * (m + n) / (m * n);
        }
        return sum;
    }

    private static DoubleStream points(NumberProfile of) {
        return DoubleStream.concat(
                DoubleStream.of(of.min(), of.max()),
                IntStream.range(0, POINTS).mapToDouble(i -> of.quantile((i + 0.5) / POINTS)));
    }

    /** How much more or less of one sample than of the other lies below each point. */
    private static double[] gaps(NumberProfile from, NumberProfile to, double[] at) {
        double[] ours = from.shares(at);
        double[] theirs = to.shares(at);
        double[] gaps = new double[at.length];
        double gap = 0;
        for (int i = 0; i < at.length; i++) {
            gap += theirs[i] - ours[i];
            gaps[i] = Math.abs(gap);
        }
        return gaps;
    }

    /** Between the distribution functions, by the trapezium rule. */
    private static double area(double[] at, double[] gaps) {
        double area = 0;
        for (int i = 1; i < at.length; i++) {
            area += (gaps[i - 1] / 2 + gaps[i] / 2) * (at[i] - at[i - 1]);
        }
        return area;
    }
}

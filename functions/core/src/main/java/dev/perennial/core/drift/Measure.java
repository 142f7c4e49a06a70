package dev.perennial.core.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** What is asked of two samples over the same bins, and what chance makes of the answer. */
sealed interface Measure {
    /** At least 0; 0 for equal shares. */
    double of(BinnedSamples samples);

    /** The value were all live rows in the bin that makes it largest. */
    double highest(BinnedSamples samples);

    /** Degrees of freedom, at least 1. */
    double degrees(BinnedSamples samples);

    /**
     * The value per degree of freedom by chance, as far as it matters at the threshold for a
     * probability.
     */
    double chance(BinnedSamples samples, double probability);

    /** The population stability index: whatever moves, in any direction. */
    record Stability() implements Measure {
        @Override
        public double of(BinnedSamples samples) {
            return samples.index();
        }

        @Override
        public double highest(BinnedSamples samples) {
            return samples.highest();
        }

        @Override
        public double degrees(BinnedSamples samples) {
            return samples.degrees();
        }

        @Override
        public double chance(BinnedSamples samples, double probability) {
            return samples.chance();
        }
    }

    /**
     * A component of Neyman's smooth test (Neyman 1937, <i>Smooth test for goodness of fit</i>;
     * Rayner and Best 1989): the squared difference of the samples' mean scores, where scores have
     * mean 0 and variance 1 on the reference. One degree of freedom instead of ten finds a shift of
     * the mean or of the spread in fewer rows than an index over all bins.
     *
     * @param scores by bin
     */
    record Contrast(double[] scores) implements Measure {
        /** Less of a direction than this is rounding. */
        private static final double LEAST = 1e-9;

        /**
         * The first polynomials of the values' ranks that are orthonormal on the reference, by
         * ascending degree: where values lie; how far apart. Degree d needs d + 1 bins with values;
         * those that there aren't are left out.
         *
         * @param reference rows per bin in order of the values, the last one's missing
         * @param most how many
         */
        static List<Contrast> polynomials(double[] reference, int most) {
            double[] ranks = ranks(reference);
            List<double[]> found = new ArrayList<>();
            found.add(values(reference, _ -> 1.0));
            List<Contrast> contrasts = new ArrayList<>();
            for (int degree = 1; degree <= most; degree++) {
                int power = degree;
                double[] scores = values(reference, bin -> Math.pow(2 * ranks[bin], power));
                // Twice, since what is left of a power is small (Giraud and others 2005).
                for (int pass = 0; pass < 2; pass++) {
                    for (double[] lower : found) {
                        double part = product(scores, lower, reference);
                        Arrays.setAll(scores, bin -> scores[bin] - part * lower[bin]);
                    }
                }
                double variance = product(scores, scores, reference);
                if (!(variance > LEAST)) {
                    return contrasts;
                }
                Arrays.setAll(scores, bin -> scores[bin] / Math.sqrt(variance));
                found.add(scores);
                contrasts.add(new Contrast(ofRows(scores, reference)));
            }
            return contrasts;
        }

        /** Mean ranks from −½ to ½, their mean 0. */
        private static double[] ranks(double[] reference) {
            double[] ranks = new double[reference.length - 1];
            double values = Arrays.stream(reference, 0, ranks.length).sum();
            double before = 0;
            for (int bin = 0; bin < ranks.length; bin++) {
                double share = values == 0 ? 0 : reference[bin] / values;
                ranks[bin] = before + share / 2 - 0.5;
                before += share;
            }
            return ranks;
        }

        /** A score by bin; a missing value's is 0, so that only those that are there count. */
        private static double[] values(double[] reference, IntToDoubleFunction score) {
            double[] scores = new double[reference.length];
            for (int bin = 0; bin < reference.length - 1; bin++) {
                scores[bin] = score.applyAsDouble(bin);
            }
            return scores;
        }

        /** Mean product over the values. */
        private static double product(double[] a, double[] b, double[] reference) {
            double sum = 0;
            double values = 0;
            for (int bin = 0; bin < a.length - 1; bin++) {
                sum += a[bin] * b[bin] * reference[bin];
                values += reference[bin];
            }
            return values == 0 ? 0 : sum / values;
        }

        /** With variance 1 over all rows instead of the values alone. */
        private static double[] ofRows(double[] scores, double[] reference) {
            double missing = reference[reference.length - 1];
            double share = 1 - missing / Arrays.stream(reference).sum();
            return Arrays.stream(scores).map(score -> score / Math.sqrt(share)).toArray();
        }

        @Override
        public double of(BinnedSamples samples) {
            double m = samples.referenceRows();
            double n = samples.liveRows();
            double sum = 0;
            for (int bin = 0; bin < scores.length; bin++) {
                sum += scores[bin] * (samples.live()[bin] / n - samples.reference()[bin] / m);
            }
            return sum * sum;
        }

        @Override
        public double highest(BinnedSamples samples) {
            return Arrays.stream(scores).map(score -> score * score).max().orElseThrow();
        }

        @Override
        public double degrees(BinnedSamples samples) {
            return 1;
        }

        /** A skewed sum's quantile lies (z² − 1)·γ/6 further out (Cornish and Fisher 1938). */
        @Override
        public double chance(BinnedSamples samples, double probability) {
            double m = samples.referenceRows();
            double n = samples.liveRows();
            double variance = 1 / n + 1 / m;
            double third = 0;
            for (int bin = 0; bin < scores.length; bin++) {
                third += Math.pow(scores[bin], 3) * samples.reference()[bin] / m;
            }
            double skewness = Math.abs(third) / (n * n) / Math.pow(variance, 1.5);
            double z = NormalDistribution.of(0, 1).inverseSurvivalProbability(probability / 2);
            double further = 1 + Math.max(0, z * z - 1) * skewness / 6 / z;
            return variance * further * further;
        }

        /**
         * What the profiles' sketches alone may add, as {@link Bins#blur}.
         *
         * @param atEdges squared error of the share below each edge between value bins
         */
        double blur(double[] atEdges) {
            double sum = 0;
            for (int edge = 0; edge < atEdges.length; edge++) {
                double step = scores[edge + 1] - scores[edge];
                sum += step * step * atEdges[edge];
            }
            return sum;
        }
    }
}

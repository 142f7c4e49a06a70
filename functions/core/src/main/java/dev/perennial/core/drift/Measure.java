package dev.perennial.core.drift;

import java.util.Arrays;
import java.util.Optional;
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
         * Of the values' ranks: whether they lie higher or lower. Empty where all are in one bin.
         *
         * @param reference rows per bin in order of the values, the last one's missing
         */
        static Optional<Contrast> location(double[] reference) {
            return normed(ranks(reference), reference);
        }

        /**
         * Of how far the ranks lie from the middle, whatever the {@link #location}: whether values
         * lie further apart or closer together. Empty for fewer than three bins.
         */
        static Optional<Contrast> spread(double[] reference) {
            double[] ranks = ranks(reference);
            double[] squares = Arrays.stream(ranks).map(rank -> rank * rank).toArray();
            double slope = product(squares, ranks, reference) / product(ranks, ranks, reference);
            Arrays.setAll(squares, bin -> squares[bin] - slope * ranks[bin]);
            return normed(squares, reference);
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

        /** Missing values score 0, so that only those that are there count. */
        private static Optional<Contrast> normed(double[] scores, double[] reference) {
            double rows = Arrays.stream(reference).sum();
            double values = Arrays.stream(reference, 0, scores.length).sum();
            double mean = 0;
            for (int bin = 0; bin < scores.length; bin++) {
                mean += scores[bin] * reference[bin] / values;
            }
            double[] centred = new double[reference.length];
            for (int bin = 0; bin < scores.length; bin++) {
                centred[bin] = scores[bin] - mean;
            }
            double variance = product(centred, centred, reference) / rows;
            if (!(variance > LEAST)) {
                return Optional.empty();
            }
            Arrays.setAll(centred, bin -> centred[bin] / Math.sqrt(variance));
            return Optional.of(new Contrast(centred));
        }

        private static double product(double[] a, double[] b, double[] weights) {
            double sum = 0;
            for (int bin = 0; bin < a.length; bin++) {
                sum += a[bin] * b[bin] * weights[bin];
            }
            return sum;
        }

        /** Live mean score less the reference's, in deviations of a single row. */
        double difference(BinnedSamples samples) {
            double m = samples.referenceRows();
            double n = samples.liveRows();
            double sum = 0;
            for (int bin = 0; bin < scores.length; bin++) {
                sum += scores[bin] * (samples.live()[bin] / n - samples.reference()[bin] / m);
            }
            return sum;
        }

        @Override
        public double of(BinnedSamples samples) {
            double difference = difference(samples);
            return difference * difference;
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

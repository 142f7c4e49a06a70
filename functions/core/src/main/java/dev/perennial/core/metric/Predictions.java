package dev.perennial.core.metric;

import java.util.Arrays;
import java.util.List;

/** What a model predicted, beside the truth. Arrays are not copied. */
public sealed interface Predictions {
    int rows();

    /** The rows at the given indices, in that order. */
    Predictions select(int[] rows);

    /**
     * Per row 1 where the most probable class is wrong and else 0; for numbers the absolute error.
     */
    double[] errors();

    /** The class that a row most likely is of: the first of equals. */
    static int mostProbable(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }

    /**
     * How far off each row is: −log of the true class's probability, clipped as {@link
     * Metric#LOG_LOSS} says; for numbers the absolute error.
     */
    double[] losses();

    /**
     * Of a classification.
     *
     * @param labels per row the index of the true class
     * @param probability per row one per class, summing to 1; with two classes the second is the
     *     positive one
     */
    record ClassPredictions(List<String> classes, int[] labels, double[][] probability)
            implements Predictions {
        private static final double SUM_TOLERANCE = 1e-3;

        /** Log loss takes no logarithm of less: float64's machine epsilon, as scikit-learn does. */
        public static final double LEAST_PROBABILITY = Math.ulp(1.0);

        public ClassPredictions {
            classes = List.copyOf(classes);
            if (labels.length != probability.length) {
                throw new IllegalArgumentException(
                        "%d labels for %d predictions"
                                .formatted(labels.length, probability.length));
            }
            for (int row = 0; row < labels.length; row++) {
                if (labels[row] < 0
                        || labels[row] >= classes.size()
                        || probability[row].length != classes.size()) {
                    throw new IllegalArgumentException(
                            "row %d: label %d and %d probabilities for %d classes"
                                    .formatted(
                                            row,
                                            labels[row],
                                            probability[row].length,
                                            classes.size()));
                }
                double sum = Arrays.stream(probability[row]).sum();
                if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
                    throw new IllegalArgumentException(
                            "row %d: probabilities sum to %s".formatted(row, sum));
                }
            }
        }

        @Override
        public int rows() {
            return labels.length;
        }

        @Override
        public double[] errors() {
            double[] errors = new double[labels.length];
            for (int row = 0; row < errors.length; row++) {
                errors[row] = mostProbable(probability[row]) == labels[row] ? 0 : 1;
            }
            return errors;
        }

        @Override
        public double[] losses() {
            double[] losses = new double[labels.length];
            for (int row = 0; row < losses.length; row++) {
                double given = probability[row][labels[row]];
                losses[row] =
                        -Math.log(Math.clamp(given, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY));
            }
            return losses;
        }

        @Override
        public ClassPredictions select(int[] rows) {
            return new ClassPredictions(
                    classes,
                    Arrays.stream(rows).map(row -> labels[row]).toArray(),
                    Arrays.stream(rows).mapToObj(row -> probability[row]).toArray(double[][]::new));
        }
    }

    /** Of a regression. */
    record ValuePredictions(double[] targets, double[] predicted) implements Predictions {
        public ValuePredictions {
            if (targets.length != predicted.length) {
                throw new IllegalArgumentException(
                        "%d targets for %d predictions"
                                .formatted(targets.length, predicted.length));
            }
            for (int row = 0; row < targets.length; row++) {
                if (!Double.isFinite(targets[row]) || !Double.isFinite(predicted[row])) {
                    throw new IllegalArgumentException(
                            "row %d: target %s, predicted %s"
                                    .formatted(row, targets[row], predicted[row]));
                }
            }
        }

        @Override
        public int rows() {
            return targets.length;
        }

        @Override
        public double[] errors() {
            return losses();
        }

        @Override
        public double[] losses() {
            double[] losses = new double[targets.length];
            for (int row = 0; row < losses.length; row++) {
                losses[row] = Math.abs(targets[row] - predicted[row]);
            }
            return losses;
        }

        @Override
        public ValuePredictions select(int[] rows) {
            return new ValuePredictions(
                    Arrays.stream(rows).mapToDouble(row -> targets[row]).toArray(),
                    Arrays.stream(rows).mapToDouble(row -> predicted[row]).toArray());
        }
    }
}

package dev.perennial.core.metric;

import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A metric of given predictions as a function of how often each row counts; a resample of the
 * bootstrap is such weights.
 */
@FunctionalInterface
interface Weighted {
    int CALIBRATION_BINS = 15;

    /**
     * The metric.
     *
     * @param weights one per row, not negative
     */
    OptionalDouble apply(int[] weights);

    /** Prepares what doesn't depend on the weights, such as the order of scores. */
    static Weighted of(Metric metric, Predictions predictions) {
        return switch (predictions) {
            case ClassPredictions classes -> of(metric, classes);
            case ValuePredictions values -> of(metric, values);
        };
    }

    private static Weighted of(Metric metric, ClassPredictions predictions) {
        int[] labels = predictions.labels();
        double[][] p = predictions.probability();
        boolean binary = predictions.classes().size() == 2;
        return switch (metric) {
            case AUC -> binary ? auc(predictions, 1) : meanAuc(predictions);
            case LOG_LOSS -> mean(predictions.losses());
            case BRIER -> mean(labels.length, row -> brier(p[row], labels[row], binary));
            case ACCURACY ->
                    mean(labels.length, row -> mostProbable(p[row]) == labels[row] ? 1 : 0);
            case F1 -> f1(predictions);
            case CALIBRATION_ERROR -> calibrationError(predictions);
            default -> _ -> OptionalDouble.empty();
        };
    }

    private static Weighted of(Metric metric, ValuePredictions predictions) {
        double[] targets = predictions.targets();
        double[] predicted = predictions.predicted();
        IntToDoubleFunction squared =
                row -> (targets[row] - predicted[row]) * (targets[row] - predicted[row]);
        return switch (metric) {
            case RMSE -> root(mean(targets.length, squared));
            case MAE -> mean(predictions.losses());
            case PINBALL ->
                    mean(targets.length, row -> Math.abs(targets[row] - predicted[row]) / 2);
            case R2 -> weights -> r2(targets, squared, weights);
            default -> _ -> OptionalDouble.empty();
        };
    }

    /** The weighted mean of a loss per row, each computed once. */
    private static Weighted mean(int rows, IntToDoubleFunction lossOfRow) {
        return mean(IntStream.range(0, rows).mapToDouble(lossOfRow).toArray());
    }

    private static Weighted mean(double[] losses) {
        return weights -> {
            double sum = 0;
            long count = 0;
            for (int row = 0; row < losses.length; row++) {
                sum += weights[row] * losses[row];
                count += weights[row];
            }
            return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
        };
    }

    private static Weighted root(Weighted mean) {
        return weights -> {
            OptionalDouble value = mean.apply(weights);
            return value.isPresent() ? OptionalDouble.of(Math.sqrt(value.getAsDouble())) : value;
        };
    }

    private static OptionalDouble r2(double[] targets, IntToDoubleFunction squared, int[] weights) {
        double mean = 0;
        long count = 0;
        for (int row = 0; row < targets.length; row++) {
            mean += weights[row] * targets[row];
            count += weights[row];
        }
        mean /= count;
        double residual = 0;
        double total = 0;
        for (int row = 0; row < targets.length; row++) {
            residual += weights[row] * squared.applyAsDouble(row);
            total += weights[row] * (targets[row] - mean) * (targets[row] - mean);
        }
        return count == 0 || total == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - residual / total);
    }

    private static double brier(double[] probability, int label, boolean binary) {
        if (binary) {
            return (probability[1] - label) * (probability[1] - label);
        }
        double sum = 0;
        for (int i = 0; i < probability.length; i++) {
            double difference = probability[i] - (i == label ? 1 : 0);
            sum += difference * difference;
        }
        return sum;
    }

    private static int mostProbable(double[] probability) {
        int best = 0;
        for (int i = 1; i < probability.length; i++) {
            if (probability[i] > probability[best]) {
                best = i;
            }
        }
        return best;
    }

    /** One class against the rest, in one pass over the rows in order of score. */
    private static Weighted auc(ClassPredictions predictions, int positive) {
        double[] scores = new double[predictions.rows()];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = predictions.probability()[row][positive];
        }
        int[] order = ascending(scores);
        int[] labels = predictions.labels();
        return weights -> {
            double pairs = 0;
            long positives = 0;
            long negatives = 0;
            for (int from = 0; from < order.length; ) {
                int to = from;
                long tiedPositives = 0;
                long tiedNegatives = 0;
                while (to < order.length && scores[order[to]] == scores[order[from]]) {
                    int row = order[to++];
                    if (labels[row] == positive) {
                        tiedPositives += weights[row];
                    } else {
                        tiedNegatives += weights[row];
                    }
                }
                pairs += tiedPositives * (negatives + tiedNegatives / 2.0);
                positives += tiedPositives;
                negatives += tiedNegatives;
                from = to;
            }
            return positives == 0 || negatives == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(pairs / ((double) positives * negatives));
        };
    }

    private static int[] ascending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[a], scores[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static Weighted meanAuc(ClassPredictions predictions) {
        Weighted[] each =
                IntStream.range(0, predictions.classes().size())
                        .mapToObj(positive -> auc(predictions, positive))
                        .toArray(Weighted[]::new);
        return weights -> {
            double sum = 0;
            int defined = 0;
            for (Weighted one : each) {
                OptionalDouble value = one.apply(weights);
                if (value.isPresent()) {
                    sum += value.getAsDouble();
                    defined++;
                }
            }
            return defined == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / defined);
        };
    }

    private static Weighted f1(ClassPredictions predictions) {
        int classes = predictions.classes().size();
        int[] labels = predictions.labels();
        int[] predicted =
                Arrays.stream(predictions.probability()).mapToInt(Weighted::mostProbable).toArray();
        return weights -> {
            long[] hits = new long[classes];
            long[] called = new long[classes];
            long[] actual = new long[classes];
            long count = 0;
            for (int row = 0; row < labels.length; row++) {
                count += weights[row];
                called[predicted[row]] += weights[row];
                actual[labels[row]] += weights[row];
                if (predicted[row] == labels[row]) {
                    hits[labels[row]] += weights[row];
                }
            }
            if (count == 0) {
                return OptionalDouble.empty();
            }
            double sum = 0;
            int counted = 0;
            for (int i = classes == 2 ? 1 : 0; i < classes; i++) {
                if (classes > 2 && called[i] + actual[i] == 0) {
                    continue; // the class occurs nowhere
                }
                sum += called[i] + actual[i] == 0 ? 0 : 2.0 * hits[i] / (called[i] + actual[i]);
                counted++;
            }
            return OptionalDouble.of(sum / counted);
        };
    }

    private static Weighted calibrationError(ClassPredictions predictions) {
        boolean binary = predictions.classes().size() == 2;
        int rows = predictions.rows();
        double[] confidence = new double[rows];
        boolean[] happened = new boolean[rows];
        int[] bins = new int[rows];
        for (int row = 0; row < rows; row++) {
            int looked = binary ? 1 : mostProbable(predictions.probability()[row]);
            confidence[row] = predictions.probability()[row][looked];
            happened[row] = predictions.labels()[row] == looked;
            bins[row] =
                    Math.clamp((int) (confidence[row] * CALIBRATION_BINS), 0, CALIBRATION_BINS - 1);
        }
        return weights -> {
            double[] predicted = new double[CALIBRATION_BINS];
            double[] observed = new double[CALIBRATION_BINS];
            long count = 0;
            for (int row = 0; row < rows; row++) {
                predicted[bins[row]] += weights[row] * confidence[row];
                observed[bins[row]] += happened[row] ? weights[row] : 0;
                count += weights[row];
            }
            double sum = 0;
            for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
                sum += Math.abs(predicted[bin] - observed[bin]);
            }
            return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
        };
    }
}

package dev.perennial.model;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;

/**
 * Ridge, logistic and multinomial logistic regression: the mean loss over rows plus {@code l2}/2 ·
 * ‖w‖², intercepts free, minimised by L-BFGS. Columns are standardised first; a missing value
 * counts as its column's mean. Answers whether a simple model would be as good.
 */
public final class LinearTrainer implements Trainer {
    private static final int BASELINE_ITERATIONS = 500;
    private static final int LEAST_ITERATIONS = 20;

    /** Multiplications that fit a function's time-out with room to spare. */
    private static final double MOST_WORK = 2e11;

    @Override
    public TrainedModel train(
            Candidate candidate, TrainSpec spec, TrainingMatrix train, TrainingMatrix validation) {
        if (train.rows() == 0) {
            throw new ModelException("no rows to train on");
        }
        Standardisation columns = Standardisation.of(train);
        float[] targets = train.targets().values().clone();
        Scale target =
                train.targets().task() == Task.REGRESSION ? Scale.of(targets) : new Scale(0, 1);
        for (int row = 0; row < targets.length; row++) {
            targets[row] = (float) ((targets[row] - target.mean()) / target.deviation());
        }
        int margins = train.targets().margins();
        Loss loss =
                new Loss(
                        columns.apply(train),
                        targets,
                        train,
                        margins,
                        train.targets().task(),
                        candidate.parameter(Hyperparameter.L2));
        Lbfgs.Minimum minimum =
                Lbfgs.minimise(
                        loss,
                        new double[margins * (train.width() + 1)],
                        iterations(spec, train, margins));
        double[] parameters = minimum.point();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] *= target.deviation();
        }
        for (int margin = 0; margin < margins; margin++) {
            parameters[margin * (train.width() + 1) + train.width()] += target.mean();
        }
        return new LinearModel(columns, parameters, margins, train.width(), minimum.iterations());
    }

    /**
     * At most the spec's rounds where it asked for this trainer; a baseline beside trees gets its
     * own number. Less on a table that would take too long: a baseline that stopped early is worth
     * more than none.
     */
    private static int iterations(TrainSpec spec, TrainingMatrix train, int margins) {
        int wanted = spec.trainer() == TrainerName.LINEAR ? spec.rounds() : BASELINE_ITERATIONS;
        double work = 2.0 * train.rows() * (train.width() + 1) * margins;
        return Math.min(wanted, (int) Math.max(LEAST_ITERATIONS, MOST_WORK / work));
    }

    /** Mean and standard deviation of the targets. */
    private record Scale(double mean, double deviation) {
        static Scale of(float[] values) {
            double mean = 0;
            for (float value : values) {
                mean += value;
            }
            mean /= values.length;
            double squares = 0;
            for (float value : values) {
                squares += (value - mean) * (value - mean);
            }
            double deviation = Math.sqrt(squares / values.length);
            return new Scale(mean, deviation > 0 ? deviation : 1);
        }
    }

    /**
     * What makes columns comparable.
     *
     * @param means per column, 0 where it has no value at all
     * @param inverses 1 / standard deviation per column, 0 where it is constant
     */
    record Standardisation(float[] means, float[] inverses) {
        static Standardisation of(TrainingMatrix matrix) {
            float[] means = new float[matrix.width()];
            float[] inverses = new float[matrix.width()];
            for (int column = 0; column < matrix.width(); column++) {
                double mean = 0;
                double squares = 0;
                long count = 0;
                for (int row = 0; row < matrix.rows(); row++) {
                    float value = matrix.values()[row * matrix.width() + column];
                    if (!Float.isNaN(value)) {
                        count++;
                        double delta = value - mean;
                        mean += delta / count;
                        squares += delta * (value - mean);
                    }
                }
                double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
                means[column] = (float) mean;
                // In float32 a constant may seem to vary in its last place; 1/deviation must be
                // finite.
                boolean varies = deviation > Math.max(1e-7 * Math.abs(mean), Float.MIN_NORMAL);
                inverses[column] = varies ? (float) (1 / deviation) : 0;
            }
            return new Standardisation(means, inverses);
        }

        /** Standardised rows, NaN as 0. */
        float[] apply(TrainingMatrix matrix) {
            float[] standardised = new float[matrix.values().length];
            int width = matrix.width();
            for (int i = 0; i < standardised.length; i++) {
                float value = matrix.values()[i];
                standardised[i] =
                        Float.isNaN(value) ? 0 : (value - means[i % width]) * inverses[i % width];
            }
            return standardised;
        }
    }

    /**
     * The objective and its gradient. Parameters: for each margin its weights, then its intercept.
     */
    private record Loss(
            float[] rows, float[] targets, TrainingMatrix train, int margins, Task task, double l2)
            implements Lbfgs.Objective {
        @Override
        public double at(double[] parameters, double[] gradient) {
            int width = train.width();
            java.util.Arrays.fill(gradient, 0);
            double loss = 0;
            double[] scores = new double[margins];
            double[] slopes = new double[margins];
            for (int row = 0; row < targets.length; row++) {
                int offset = row * width;
                LinearModel.score(rows, offset, width, parameters, scores);
                double weight = train.weight(row);
                loss += weight * slopes(scores, targets[row], slopes);
                for (int margin = 0; margin < margins; margin++) {
                    int base = margin * (width + 1);
                    double slope = weight * slopes[margin];
                    for (int column = 0; column < width; column++) {
                        gradient[base + column] += slope * rows[offset + column];
                    }
                    gradient[base + width] += slope;
                }
            }
            double scale = 1.0 / targets.length;
            double penalty = 0;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= scale;
                if (i % (width + 1) != width) {
                    gradient[i] += l2 * parameters[i];
                    penalty += parameters[i] * parameters[i];
                }
            }
            return loss * scale + l2 / 2 * penalty;
        }

        /** Loss of one row; fills its derivative by each score. */
        private double slopes(double[] scores, float target, double[] slopes) {
            switch (task) {
                case REGRESSION -> {
                    slopes[0] = scores[0] - target;
                    return slopes[0] * slopes[0] / 2;
                }
                case BINARY -> {
                    slopes[0] = 1 / (1 + Math.exp(-scores[0])) - target;
                    // log(1 + e^s) − y·s, written so that it can't overflow
                    return Math.max(scores[0], 0)
                            + Math.log1p(Math.exp(-Math.abs(scores[0])))
                            - target * scores[0];
                }
                case MULTICLASS -> {
                    double highest = Double.NEGATIVE_INFINITY;
                    for (double score : scores) {
                        highest = Math.max(highest, score);
                    }
                    double sum = 0;
                    for (double score : scores) {
                        sum += Math.exp(score - highest);
                    }
                    for (int i = 0; i < scores.length; i++) {
                        slopes[i] =
                                Math.exp(scores[i] - highest) / sum - (i == (int) target ? 1 : 0);
                    }
                    return highest + Math.log(sum) - scores[(int) target];
                }
            }
            throw new IllegalStateException("unreachable");
        }
    }
}

package dev.perennial.model;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far off a regression's answer is likely to be: trees that learned its absolute errors on rows
 * that it was not trained on, from the columns and from the answer (direct loss estimation, DLE;
 * NannyML). The mean over live rows estimates the mean absolute error before labels come.
 */
public final class ErrorModel {
    /** With fewer rows the mean of their errors says as much. */
    static final int LEAST_ROWS = 300;

    private static final int ROUNDS = 100;

    /** Shallow trees of well-filled leaves: errors are noisier than labels. */
    private static final Candidate TREES =
            new Candidate(
                    0,
                    TrainerName.XGBOOST,
                    0,
                    Map.of(
                            Hyperparameter.ETA, 0.1,
                            Hyperparameter.MAX_DEPTH, 4.0,
                            Hyperparameter.MIN_CHILD_WEIGHT, 20.0,
                            Hyperparameter.SUBSAMPLE, 1.0,
                            Hyperparameter.COLSAMPLE, 1.0,
                            Hyperparameter.LAMBDA, 1.0),
                    Lookback.ALL);

    private ErrorModel() {}

    /**
     * Learns.
     *
     * @param heldOut rows that the model was not trained on, with their targets
     * @param predicted by the model, one per row
     * @return takes the columns and, behind them, the prediction; empty for a classification, whose
     *     probabilities say it, and with fewer than {@value #LEAST_ROWS} rows
     */
    public static Optional<TrainedModel> fit(
            TrainSpec spec, TrainingMatrix heldOut, float[] predicted) {
        Targets targets = heldOut.targets();
        if (targets.task() != Task.REGRESSION || heldOut.rows() < LEAST_ROWS) {
            return Optional.empty();
        }
        float[] errors = new float[predicted.length];
        for (int row = 0; row < errors.length; row++) {
            errors[row] = Math.abs(targets.values()[row] - predicted[row]);
        }
        TrainingMatrix columns = beside(heldOut, predicted);
        TrainingMatrix matrix =
                new TrainingMatrix(
                        columns.width(),
                        columns.values(),
                        new Targets(Task.REGRESSION, List.of(), errors));
        return Optional.of(
                new XgboostTrainer()
                        .train(TREES, spec.withRounds(ROUNDS), matrix, matrix.range(0, 0)));
    }

    /** The columns with the prediction behind them. */
    static TrainingMatrix beside(TrainingMatrix matrix, float[] predicted) {
        int width = matrix.width();
        float[] values = new float[predicted.length * (width + 1)];
        for (int row = 0; row < predicted.length; row++) {
            System.arraycopy(matrix.values(), row * width, values, row * (width + 1), width);
            values[row * (width + 1) + width] = predicted[row];
        }
        return new TrainingMatrix(width + 1, values, matrix.targets());
    }
}

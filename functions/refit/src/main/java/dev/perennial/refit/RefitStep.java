package dev.perennial.refit;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.step.Refit;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Parity;
import dev.perennial.model.ParityException;
import dev.perennial.model.Predictor;
import dev.perennial.model.Preparation;
import dev.perennial.model.RowTimes;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.util.Arrays;
import java.util.Optional;

/**
 * Trains the accepted candidate's recipe on every labelled row of the snapshot: validation and test
 * rows have judged it, and are the newest there are. Nothing is left to choose by, so
 * hyperparameters and rounds are those that were judged.
 *
 * <p>Nor is anything left to calibrate by. What the calibration took from the scores' confidence
 * stays; what it added stays where the test rows, which are later than those that it was fitted on,
 * bore it out by more than chance: on rows that drift, those of one regime make a model look too
 * careful, and the next regime disproves it.
 */
final class RefitStep implements Step<Refit.Input, Refit.Output> {
    private final ArtifactStore artifacts;

    RefitStep(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public Refit.Output apply(Refit.Input input) {
        PipelineSpec spec = Snapshots.spec(artifacts, input.spec());
        Table rows =
                LabelledRows.of(spec, Snapshots.table(artifacts, input.snapshot(), spec.schema()));
        Targets targets = Targets.of(spec, rows);
        int threads = spec.train().threads();
        Candidate candidate = input.recipe().candidate();
        byte[] judged = artifacts.read(input.recipe().judged());

        Preparation preparation = Preparation.fit(spec.features(), rows, targets);
        RowTimes times = new RowTimes(rows.time(spec.time()).micros());
        TrainingMatrix learned =
                times.lookBack(
                        candidate.lookback(), preparation.trainingMatrix(rows, targets, threads));
        TrainedModel model =
                Trainer.of(candidate.trainer())
                        .train(
                                candidate,
                                spec.train().withRounds(input.recipe().rounds()),
                                learned,
                                learned.range(0, 0));
        Table test = rows.range(input.split().test(), input.split().rows());
        Targets truth = targets.range(input.split().test(), input.split().rows());
        Calibrator fitted = OnnxModel.calibrator(judged);
        double[][] before = predict(judged, test, threads);
        double[] losses = truth.beside(before).losses();
        double[] plainLosses = truth.beside(fitted.undone(before)).losses();
        Calibrator calibrator =
                (isWorse(plainLosses, losses) ? fitted : fitted.cautious())
                        .centred(model.predict(learned), learned);
        byte[] onnx = OnnxModel.write(preparation, model, calibrator, targets.classes());

        double[][] after = predict(onnx, test, threads);
        check(calibrator, model, preparation.matrix(test, truth, threads), after);
        double[] plainLossesAfter = truth.beside(calibrator.undone(after)).losses();
        return new Refit.Output(
                isWorse(plainLossesAfter, plainLosses)
                        ? Optional.empty()
                        : Optional.of(put(input, onnx)),
                learned.rows(),
                EventTime.instant(times.micros()[times.micros().length - 1]),
                mean(losses),
                mean(truth.beside(after).losses()));
    }

    private static double[][] predict(byte[] onnx, Table rows, int threads) {
        try (Predictor predictor = Predictor.open(onnx, threads)) {
            return predictor.predict(rows);
        }
    }

    private static void check(
            Calibrator calibrator, TrainedModel model, TrainingMatrix test, double[][] predicted) {
        Parity parity =
                Parity.of(
                        calibrator.task(),
                        calibrator.predictions(model.predict(test), test.rows()),
                        predicted);
        if (!parity.holds()) {
            throw new ParityException("the model that was trained again", parity);
        }
    }

    /** By more than two standard errors of the difference per row. */
    private static boolean isWorse(double[] after, double[] before) {
        double[] differences = new double[after.length];
        for (int row = 0; row < differences.length; row++) {
            differences[row] = after[row] - before[row];
        }
        double mean = mean(differences);
        double squares = 0;
        for (double each : differences) {
            squares += (each - mean) * (each - mean);
        }
        return mean > 2 * Math.sqrt(squares) / differences.length;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private ArtifactRef put(Refit.Input input, byte[] onnx) {
        return artifacts.put(
                Keys.step(input.run(), "refit", "model.onnx"), onnx, "application/onnx");
    }
}

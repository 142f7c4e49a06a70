package dev.perennial.refit;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.PairedLoss;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.step.Refit;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.AveragedTrees;
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
import java.util.List;
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
final class RefitStep implements Step<Refit.Input, Refitted> {
    /** That a loss is less by more than chance. */
    private static final double CONFIDENCE = 0.975;

    private final ArtifactStore artifacts;

    RefitStep(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public Refitted apply(Refit.Input input) {
        PipelineSpec spec = Snapshots.spec(artifacts, input.spec());
        Table rows =
                LabelledRows.of(spec, Snapshots.table(artifacts, input.snapshot(), spec.schema()));
        Targets targets = Targets.of(spec, rows);
        int threads = spec.train().threads();
        Preparation preparation = Preparation.fit(spec.features(), rows, targets);
        RowTimes times = new RowTimes(rows.time(spec.time()).micros());
        TrainingMatrix all = preparation.trainingMatrix(rows, targets, threads);
        List<TrainedModel> members =
                input.recipe().members().stream()
                        .map(each -> train(spec.train(), each, times, all))
                        .toList();
        TrainingMatrix learned =
                times.lookBack(input.recipe().members().getFirst().candidate().lookback(), all);

        int from = input.split().test();
        TestRows test =
                new TestRows(spec, rows.range(from, rows.rows()), targets.range(from, rows.rows()));
        byte[] judged = artifacts.read(input.recipe().judged());
        Calibrator fitted = OnnxModel.calibrator(judged);
        float[] judgedScores = fitted.scores(test.predict(judged));
        Calibrator carried =
                test.better(
                                test.calibrated(fitted, judgedScores),
                                test.calibrated(fitted.cautious(), judgedScores))
                        ? fitted
                        : fitted.cautious();
        Calibrator calibrator = carried.centred(meanScores(members, learned), learned);
        List<byte[]> files =
                members.stream()
                        .map(each ->
                                OnnxModel.write(preparation, each, calibrator, targets.classes()))
                        .toList();
        byte[] onnx = files.size() == 1 ? files.getFirst() : AveragedTrees.write(files, calibrator);
        TrainingMatrix matrix = preparation.matrix(test.table(), test.targets(), threads);
        float[] scores = meanScores(members, matrix);
        test.check(calibrator.predictions(scores, matrix.rows()), onnx);

        Calibrator none = new Calibrator(spec.task(), 1, 0);
        Predictions before = test.calibrated(none, judgedScores);
        Predictions after = test.calibrated(none, scores);
        return new Refitted(
                test.better(before, after) ? Optional.empty() : Optional.of(put(input, onnx)),
                learned.rows(),
                EventTime.instant(times.micros()[times.micros().length - 1]),
                test.loss(before),
                test.loss(after));
    }

    /** Trees are made for so many rounds; a linear model until it has converged. */
    private static TrainedModel train(
            TrainSpec spec, Refit.Member member, RowTimes times, TrainingMatrix all) {
        Candidate candidate = member.candidate();
        TrainingMatrix learned = times.lookBack(candidate.lookback(), all);
        return Trainer.of(candidate.trainer())
                .train(
                        candidate,
                        candidate.trainer() == TrainerName.XGBOOST
                                ? spec.withRounds(member.rounds())
                                : spec,
                        learned,
                        learned.range(0, 0));
    }

    private static float[] meanScores(List<TrainedModel> models, TrainingMatrix matrix) {
        return AveragedTrees.scores(models.stream().map(each -> each.predict(matrix)).toList());
    }

    private ArtifactRef put(Refit.Input input, byte[] onnx) {
        return artifacts.put(
                Keys.step(input.run(), "refit", "model.onnx"), onnx, "application/onnx");
    }

    /** The rows that judged the model; no longer unseen, but the newest. */
    private record TestRows(PipelineSpec spec, Table table, Targets targets) {
        double[][] predict(byte[] onnx) {
            try (Predictor predictor = Predictor.open(onnx, spec.train().threads())) {
                return predictor.predict(table);
            }
        }

        Predictions calibrated(Calibrator calibrator, float[] scores) {
            return targets.beside(calibrator.predictions(scores, targets.rows()));
        }

        double loss(Predictions predictions) {
            return Metric.loss(spec.task()).of(predictions).orElseThrow();
        }

        /** By more than chance. */
        boolean better(Predictions ours, Predictions theirs) {
            return new PairedLoss(
                            spec.task(),
                            table.time(spec.time()).micros(),
                            spec.label().delay(),
                            spec.train().seed())
                    .isLess(ours, theirs, CONFIDENCE);
        }

        void check(double[][] trainer, byte[] onnx) {
            Parity parity = Parity.of(spec.task(), trainer, predict(onnx));
            if (!parity.holds()) {
                throw new ParityException("the model that was trained again", parity);
            }
        }
    }
}

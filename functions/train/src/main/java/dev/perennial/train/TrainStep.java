package dev.perennial.train;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.model.Calibrator;
import dev.perennial.model.ErrorModel;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.PredictionMatrix;
import dev.perennial.model.Preparation;
import dev.perennial.model.RowTimes;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains on the training part, stops and calibrates by the validation part, writes one ONNX file.
 */
final class TrainStep implements Step<Train.Input, Train.Output> {
    private final ArtifactStore artifacts;

    TrainStep(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public Train.Output apply(Train.Input input) {
        PipelineSpec spec = Snapshots.spec(artifacts, input.spec());
        Candidate candidate = input.candidate();
        Preparation preparation =
                Preparation.fromBytes(artifacts.read(input.prepared().preparation()));
        TrainingMatrix train =
                RowTimes.fromBytes(artifacts.read(input.prepared().times()))
                        .lookBack(candidate.lookback(), matrix(input.prepared().train()));
        TrainingMatrix validation = matrix(input.prepared().validation());
        TrainedModel model =
                Trainer.of(candidate.trainer()).train(candidate, spec.train(), train, validation);

        float[] scores = model.predict(validation);
        Calibrator calibrator =
                Calibrator.fit(spec.train().calibration(), scores, validation.targets());
        byte[] onnx =
                OnnxModel.write(
                        preparation,
                        model,
                        calibrator,
                        train.targets().classes(),
                        isJudgedAlone(spec.train(), candidate)
                                ? ErrorModel.fit(spec.train(), validation, scores)
                                : Optional.empty());

        TrainingMatrix test = matrix(input.prepared().test());
        Train.Trained trained =
                new Train.Trained(
                        put(input, "model.onnx", onnx, "application/onnx"),
                        put(
                                input,
                                "reference.matrix",
                                PredictionMatrix.toBytes(
                                        calibrator.predictions(model.predict(test), test.rows())),
                                "application/octet-stream"),
                        put(
                                input,
                                "importance.json",
                                Json.write(importance(model, preparation)),
                                "application/json"),
                        calibrator.loss(scores, validation.targets()),
                        model.rounds());
        return new Train.Output(candidate, Optional.of(trained), Optional.empty());
    }

    /** An average knows nothing of its errors, and the baseline never serves. */
    private static boolean isJudgedAlone(TrainSpec spec, Candidate candidate) {
        return spec.average() == 1 && candidate.index() < spec.candidates();
    }

    private TrainingMatrix matrix(ArtifactRef artifact) {
        return TrainingMatrix.fromBytes(artifacts.read(artifact));
    }

    /** Shares of importance by feature, the largest first. */
    private static List<FeatureShare> importance(TrainedModel model, Preparation preparation) {
        double[] byColumn = model.importance();
        Map<String, Double> byFeature = new LinkedHashMap<>();
        double sum = 0;
        for (int column = 0; column < byColumn.length; column++) {
            byFeature.merge(preparation.origins().get(column), byColumn[column], Double::sum);
            sum += byColumn[column];
        }
        double total = sum;
        return byFeature.entrySet().stream()
                .map(entry ->
                        new FeatureShare(entry.getKey(), total == 0 ? 0 : entry.getValue() / total))
                .sorted(Comparator.comparingDouble(FeatureShare::share).reversed())
                .toList();
    }

    private ArtifactRef put(Train.Input input, String file, byte[] content, String mediaType) {
        String folder = "train/candidate-" + input.candidate().index();
        return artifacts.put(Keys.step(input.run(), folder, file), content, mediaType);
    }
}

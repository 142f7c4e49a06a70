package dev.perennial.evaluate;

import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.step.Train;
import dev.perennial.core.step.Train.Trained;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.model.AveragedTrees;
import dev.perennial.model.Calibrator;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.PredictionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a run puts forward: its best candidate by validation loss, or the mean of its best ones.
 *
 * @param members the candidates in it, the best first
 * @param files theirs, in the same order
 * @param onnx the file to judge
 * @param calibrator of {@code onnx}
 * @param validationLoss log loss or RMSE after calibration
 */
record Entrant(
        List<Train.Output> members,
        List<byte[]> files,
        byte[] onnx,
        Calibrator calibrator,
        double validationLoss) {

    /**
     * Chooses, and averages where the spec wants that.
     *
     * @param candidates the last one is the baseline
     * @throws NoCandidateException if none was trained
     */
    static Entrant of(
            ArtifactStore artifacts,
            TrainSpec spec,
            List<Train.Output> candidates,
            HeldOutRows validation) {
        List<Train.Output> members =
                candidates.subList(0, candidates.size() - 1).stream()
                        .filter(candidate -> candidate.trained().isPresent())
                        .sorted(
                                Comparator.comparingDouble(
                                        candidate -> trained(candidate).validationLoss()))
                        .limit(spec.average())
                        .toList();
        if (members.isEmpty()) {
            throw new NoCandidateException(
                    "none of %d candidates was trained".formatted(candidates.size() - 1));
        }
        List<byte[]> files =
                members.stream().map(each -> artifacts.read(trained(each).model())).toList();
        if (members.size() == 1) {
            byte[] only = files.getFirst();
            return new Entrant(
                    members,
                    files,
                    only,
                    OnnxModel.calibrator(only),
                    trained(members.getFirst()).validationLoss());
        }
        float[] scores = meanScores(files, files.stream().map(validation::predict).toList());
        Calibrator calibrator = Calibrator.fit(spec.calibration(), scores, validation.targets());
        return new Entrant(
                members,
                files,
                AveragedTrees.write(files, calibrator),
                calibrator,
                calibrator.loss(scores, validation.targets()));
    }

    String name() {
        return averaged()
                ? "the average of candidates "
                        + members.stream().map(each -> each.candidate().index()).toList()
                : "candidate " + best().candidate().index();
    }

    boolean averaged() {
        return members.size() > 1;
    }

    Train.Output best() {
        return members.getFirst();
    }

    /** What the trainer itself would predict for the test rows, which the file has to repeat. */
    double[][] reference(ArtifactStore artifacts) {
        List<double[][]> theirs =
                members.stream()
                        .map(each ->
                                PredictionMatrix.fromBytes(
                                        artifacts.read(trained(each).reference())))
                        .toList();
        return averaged()
                ? calibrator.predictions(meanScores(files, theirs), theirs.getFirst().length)
                : theirs.getFirst();
    }

    /** Mean shares of gain by feature, the largest first. */
    List<FeatureShare> importance(ArtifactStore artifacts) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Train.Output member : members) {
            for (FeatureShare each :
                    Json.read(
                            "importance",
                            artifacts.read(trained(member).importance()),
                            FeatureShare[].class)) {
                shares.merge(each.feature(), each.share() / members.size(), Double::sum);
            }
        }
        List<FeatureShare> importance = new ArrayList<>();
        shares.forEach((feature, share) -> importance.add(new FeatureShare(feature, share)));
        importance.sort(Comparator.comparingDouble(FeatureShare::share).reversed());
        return List.copyOf(importance);
    }

    /** The mean of scores before calibration, from calibrated predictions. */
    private static float[] meanScores(List<byte[]> files, List<double[][]> predictions) {
        return AveragedTrees.scores(
                IntStream.range(0, files.size())
                        .mapToObj(
                                i -> OnnxModel.calibrator(files.get(i)).scores(predictions.get(i)))
                        .toList());
    }

    private static Trained trained(Train.Output candidate) {
        return candidate.trained().orElseThrow();
    }
}

package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Table;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AveragedTreesTest {
    private static final int FRESH = 200;

    /**
     * Three models of different sizes and depths on the same rows, and what they make of others.
     */
    private static final class Models {
        final ParityTest.Made made;
        final Table fresh = ParityTest.table(new SplittableRandom(99), FRESH, "unseen");
        final List<TrainedModel> models;
        final List<byte[]> files;

        Models(Task task) {
            made = ParityTest.make(task, TrainerName.XGBOOST, 1);
            TrainSpec spec =
                    new TrainSpec(
                            TrainerName.XGBOOST,
                            3,
                            5,
                            30,
                            4,
                            1,
                            Calibration.NONE,
                            Map.of(),
                            List.of(),
                            1,
                            false);
            models =
                    SearchSpace.draw(spec).subList(0, 3).stream()
                            .map(each ->
                                    new XgboostTrainer()
                                            .train(
                                                    each,
                                                    spec,
                                                    made.matrix().range(0, 300),
                                                    made.matrix().range(300, 400)))
                            .toList();
            files =
                    IntStream.range(0, 3)
                            .mapToObj(i ->
                                    OnnxModel.write(
                                            made.preparation(),
                                            models.get(i),
                                            new Calibrator(task, 1 + i, 0.5f * i),
                                            made.targets().classes()))
                            .toList();
        }

        /** Of the trainer's own predictions, row-major. */
        float[] meanScores() {
            Targets unknown =
                    new Targets(made.targets().task(), made.targets().classes(), new float[FRESH]);
            TrainingMatrix matrix = made.preparation().matrix(fresh, unknown, 1);
            return AveragedTrees.scores(models.stream().map(each -> each.predict(matrix)).toList());
        }
    }

    /** Whatever the models' own calibrations were. */
    @ParameterizedTest
    @EnumSource(Task.class)
    void file_predictsTheMeanOfTheModelsScores(Task task) {
        Models models = new Models(task);
        Calibrator calibrator = new Calibrator(task, 0.7f, task == Task.BINARY ? -0.3f : 0);

        byte[] averaged = AveragedTrees.write(models.files, calibrator);

        double[][] predicted;
        try (Predictor predictor = Predictor.open(averaged, 1)) {
            predicted = predictor.predict(models.fresh);
        }
        Parity parity =
                Parity.of(task, calibrator.predictions(models.meanScores(), FRESH), predicted);
        assertTrue(parity.holds(), parity.toString());
        assertEquals(
                task == Task.REGRESSION ? new Calibrator(task, 1, 0) : calibrator,
                OnnxModel.calibrator(averaged));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void contributions_addUpToTheMeanScore(Task task) {
        Models models = new Models(task);
        float[] scores = models.meanScores();
        int margins = scores.length / FRESH;

        byte[] averaged = AveragedTrees.write(models.files, new Calibrator(task, 1, 0));

        try (Explainer explainer = Explainer.open(averaged, 1)) {
            for (int i = 0; i < 60; i++) {
                Explainer.Explanation found =
                        explainer.explain(models.fresh, i / margins, i % margins);
                double sum =
                        DoubleStream.concat(
                                        DoubleStream.of(found.baseline()),
                                        found.contributions().values().stream()
                                                .mapToDouble(each -> each))
                                .sum();
                double tolerance = task == Task.REGRESSION ? 5 : 1e-5 * (1 + Math.abs(scores[i]));
                assertEquals(scores[i], sum, tolerance, "score " + i);
            }
        }
    }

    @Test
    void modelsOfOtherPreparations_orWithoutTrees_areRefused() {
        Calibrator none = new Calibrator(Task.BINARY, 1, 0);
        byte[] one = ParityTest.make(Task.BINARY, TrainerName.XGBOOST, 1).onnx();
        byte[] other = ParityTest.make(Task.BINARY, TrainerName.XGBOOST, 2).onnx();
        byte[] linear = ParityTest.make(Task.BINARY, TrainerName.LINEAR, 1).onnx();

        ModelException differs =
                assertThrows(
                        ModelException.class, () -> AveragedTrees.write(List.of(one, other), none));
        ModelException treeless =
                assertThrows(
                        ModelException.class,
                        () -> AveragedTrees.write(List.of(one, linear), none));

        assertEquals(
                "the first model to average and number 2 were prepared differently",
                differs.getMessage());
        assertEquals("a model to average has no trees", treeless.getMessage());
    }
}

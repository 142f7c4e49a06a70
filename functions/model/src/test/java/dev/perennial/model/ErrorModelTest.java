package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.Samples;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ErrorModelTest {
    private static final TrainSpec SPEC =
            Samples.spec(Task.REGRESSION, List.of(), List.of(), Duration.ZERO, List.of()).train();

    private static float[] column(JsonNode part, String name) {
        float[] values = new float[part.get(name).size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = part.get(name).get(row).floatValue();
        }
        return values;
    }

    /** The columns of the fixture, and those behind them. */
    private static TrainingMatrix matrix(JsonNode fixture, JsonNode part, float[]... more) {
        List<float[]> columns = new ArrayList<>();
        fixture.get("columns").forEach(name -> columns.add(column(part, name.stringValue())));
        columns.addAll(List.of(more));
        float[] targets = column(part, "y_true");
        float[] values = new float[targets.length * columns.size()];
        for (int row = 0; row < targets.length; row++) {
            for (int i = 0; i < columns.size(); i++) {
                values[row * columns.size() + i] = columns.get(i)[row];
            }
        }
        return new TrainingMatrix(
                columns.size(), values, new Targets(Task.REGRESSION, List.of(), targets));
    }

    /** Of its car prices, whose errors fall by a sixth in the second half. */
    @Test
    void estimates_areNannyMLs_andAsCloseToWhatCameTrue() {
        JsonNode prices = Fixtures.read("monitor/direct_losses.json");
        JsonNode later = prices.get("analysis");
        int chunk = prices.get("chunkRows").intValue();

        TrainedModel model =
                ErrorModel.fit(
                                SPEC,
                                matrix(prices, prices.get("reference")),
                                column(prices.get("reference"), "y_pred"))
                        .orElseThrow();
        float[] predicted = column(later, "y_pred");
        float[] expected = model.predict(matrix(prices, later, predicted));

        float[] truth = column(later, "y_true");
        double ours = 0;
        double theirs = 0;
        for (int i = 0; i < prices.get("estimates").size(); i++) {
            double estimate = 0;
            double realised = 0;
            for (int row = i * chunk; row < (i + 1) * chunk; row++) {
                estimate += expected[row] / chunk;
                realised += Math.abs(truth[row] - predicted[row]) / chunk;
            }
            double nannyMls = prices.get("estimates").get(i).doubleValue();
            assertEquals(nannyMls, estimate, 0.04 * nannyMls, "chunk " + i);
            ours += Math.abs(estimate - realised);
            theirs += Math.abs(nannyMls - realised);
        }
        assertTrue(ours < 1.1 * theirs, "%f, NannyML's %f".formatted(ours, theirs));
    }

    private static byte[] with(TrainedModel errors, ParityTest.Made made) {
        return OnnxModel.write(
                made.preparation(),
                made.model(),
                made.calibrator(),
                List.of(),
                Optional.of(errors));
    }

    @ParameterizedTest
    @EnumSource(TrainerName.class)
    void file_saysWhatItsTreesSay_besideTheSamePredictions(TrainerName trainer) {
        ParityTest.Made made = ParityTest.make(Task.REGRESSION, trainer, 1);
        TrainingMatrix matrix = made.matrix();
        TrainedModel errors =
                ErrorModel.fit(SPEC, matrix, made.model().predict(matrix)).orElseThrow();
        byte[] file = with(errors, made);
        Table fresh = ParityTest.table(new SplittableRandom(9), 200, "unseen");
        TrainingMatrix prepared =
                made.preparation()
                        .matrix(fresh, new Targets(Task.REGRESSION, List.of(), new float[200]), 1);

        try (Predictor with = Predictor.open(file, 1);
                Predictor without = Predictor.open(made.onnx(), 1)) {
            Predictor.Answers answers = with.answer(fresh);
            double[] expected = answers.expectedErrors().orElseThrow();

            assertTrue(
                    Arrays.deepEquals(without.predict(fresh), answers.predictions()),
                    "the predictions are those of the file without");
            float[] trees =
                    errors.predict(ErrorModel.beside(prepared, made.model().predict(prepared)));
            for (int row = 0; row < 200; row++) {
                assertEquals(Math.max(0, trees[row]), expected[row], 1e-4 * trees[row], "" + row);
            }
            assertTrue(
                    !without.expectsErrors() && without.answer(fresh).expectedErrors().isEmpty());
        }
        try (Explainer explained = Explainer.open(file, 1);
                Explainer plain = Explainer.open(made.onnx(), 1)) {
            assertEquals(plain.explain(fresh, 0, 0), explained.explain(fresh, 0, 0));
        }
    }

    @Test
    void averageOfFiles_knowsNoError() {
        ParityTest.Made made = ParityTest.make(Task.REGRESSION, TrainerName.XGBOOST, 1);
        TrainedModel errors =
                ErrorModel.fit(SPEC, made.matrix(), made.model().predict(made.matrix()))
                        .orElseThrow();
        byte[] file = with(errors, made);

        byte[] averaged = AveragedTrees.write(List.of(file, made.onnx()), made.calibrator());

        try (Predictor predictor = Predictor.open(averaged, 1)) {
            assertTrue(!predictor.expectsErrors());
        }
    }

    @Test
    void classification_andAFewRows_haveNone() {
        ParityTest.Made classes = ParityTest.make(Task.BINARY, TrainerName.XGBOOST, 1);
        TrainingMatrix few = ParityTest.make(Task.REGRESSION, TrainerName.XGBOOST, 1).matrix();
        TrainingMatrix fewer = few.range(0, ErrorModel.LEAST_ROWS - 1);

        assertEquals(
                Optional.empty(),
                ErrorModel.fit(SPEC, classes.matrix(), new float[classes.matrix().rows()]));
        assertEquals(Optional.empty(), ErrorModel.fit(SPEC, fewer, new float[fewer.rows()]));
    }
}

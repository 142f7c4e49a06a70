package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Trainers, calibration and ONNX files against Python's XGBoost and scikit-learn on the same table,
 * which has gaps and a constant column; the fixture's script is model_fixtures.py.
 */
class PythonModelsTest {
    private static JsonNode fixture;
    private static int train;
    private static Table table;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = PythonModelsTest.class.getResourceAsStream("/model/models.json")) {
            fixture = Json.tree("fixture", in.readAllBytes());
        }
        train = fixture.get("train").asInt();
        JsonNode x = fixture.get("x");
        List<NumberColumn> columns = new ArrayList<>();
        for (int column = 0; column < x.get(0).size(); column++) {
            double[] values = new double[x.size()];
            for (int row = 0; row < values.length; row++) {
                JsonNode cell = x.get(row).get(column);
                values[row] = cell.isNull() ? Double.NaN : cell.asDouble();
            }
            columns.add(new NumberColumn("f" + column, values));
        }
        table = new Table(columns);
    }

    private static Targets targets(Task task) {
        List<String> classes =
                switch (task) {
                    case BINARY -> List.of("0", "1");
                    case MULTICLASS -> List.of("0", "1", "2");
                    case REGRESSION -> List.of();
                };
        return new Targets(task, classes, floats(fixture.get("targets").get(task.name())));
    }

    private static float[] floats(JsonNode array) {
        return Json.read("floats", Json.write(array), float[].class);
    }

    /** What the ONNX file of a trained candidate predicts for the rows behind the training rows. */
    private static double[][] predicted(Task task, Candidate candidate) {
        try (Predictor predictor = Predictor.open(trained(task, candidate), 1)) {
            return predictor.predict(table.range(train, table.rows()));
        }
    }

    private static byte[] trained(Task task, Candidate candidate) {
        List<FeatureSpec> features = new ArrayList<>();
        table.columns()
                .forEach(column ->
                        features.add(
                                new NumberFeature(
                                        column.name(),
                                        OptionalDouble.empty(),
                                        OptionalDouble.empty(),
                                        1,
                                        false)));
        Targets targets = targets(task);
        Preparation preparation =
                Preparation.fit(features, table.range(0, train), targets.range(0, train));
        TrainingMatrix matrix = preparation.matrix(table, targets, 1);
        TrainSpec spec =
                new TrainSpec(
                        candidate.trainer(),
                        1,
                        3,
                        fixture.get("rounds").asInt(),
                        0,
                        1,
                        Calibration.NONE,
                        Map.of(),
                        List.of(),
                        1,
                        false);
        RowTimes hours =
                new RowTimes(LongStream.range(0, train).map(row -> row * 3_600_000_000L).toArray());
        TrainedModel model =
                Trainer.of(candidate.trainer())
                        .train(
                                candidate,
                                spec,
                                hours.lookBack(candidate.lookback(), matrix.range(0, train)),
                                matrix.range(0, 0));
        return OnnxModel.write(
                preparation,
                model,
                Calibrator.fit(Calibration.NONE, new float[0], targets),
                targets.classes());
    }

    /** Python gives two classes as the probability of the second one. */
    private static void assertSame(JsonNode expected, double[][] predicted, double tolerance) {
        assertEquals(expected.size(), predicted.length);
        for (int row = 0; row < predicted.length; row++) {
            double[] found = predicted[row];
            if (expected.get(row).isArray()) {
                double[] all = Json.read("row", Json.write(expected.get(row)), double[].class);
                assertArrayEquals(all, found, tolerance, "row " + row);
            } else {
                double last = found[found.length - 1];
                assertEquals(expected.get(row).asDouble(), last, tolerance, "row " + row);
            }
        }
    }

    /**
     * The file alone explains what Python's booster explains; it sums float32, so do its errors.
     */
    @ParameterizedTest
    @EnumSource
    void contributions_areThoseOfPythonsXgboost(Task task) {
        JsonNode expected = fixture.get("contributions").get(task.name());
        int margins = task == Task.MULTICLASS ? 3 : 1;
        double tolerance = task == Task.REGRESSION ? 0.5 : 2e-5; // of values up to 3,000, and 5
        try (Explainer explainer = Explainer.open(trained(task, boosted(Lookback.ALL)), 1)) {
            for (int row = 0; row < expected.size(); row++) {
                for (int margin = 0; margin < margins; margin++) {
                    JsonNode one =
                            task == Task.MULTICLASS
                                    ? expected.get(row).get(margin)
                                    : expected.get(row);
                    Explainer.Explanation found = explainer.explain(table, train + row, margin);
                    String where = "row " + row + ", margin " + margin;
                    int width = one.size() - 1;
                    assertEquals(one.get(width).asDouble(), found.baseline(), tolerance, where);
                    for (int column = 0; column < width; column++) {
                        assertEquals(
                                one.get(column).asDouble(),
                                found.contributions().get("f" + column),
                                tolerance,
                                where + ", f" + column);
                    }
                }
            }
        }
    }

    private static Candidate boosted(Lookback lookback) {
        return new Candidate(
                0,
                TrainerName.XGBOOST,
                3,
                Map.of(
                        Hyperparameter.ETA, 0.2,
                        Hyperparameter.MAX_DEPTH, 4.0,
                        Hyperparameter.MIN_CHILD_WEIGHT, 2.0,
                        Hyperparameter.SUBSAMPLE, 0.8,
                        Hyperparameter.COLSAMPLE, 0.9,
                        Hyperparameter.LAMBDA, 1.5),
                lookback);
    }

    private static Candidate linear(Lookback lookback) {
        return new Candidate(
                0,
                TrainerName.LINEAR,
                3,
                Map.of(Hyperparameter.L2, fixture.get("l2").asDouble()),
                lookback);
    }

    private static Lookback recent() {
        return new Lookback(
                Optional.empty(), Optional.of(Duration.ofHours(fixture.get("halfLife").asLong())));
    }

    @ParameterizedTest
    @EnumSource
    void boostedTrees_predictWhatPythonsXgboostDoes(Task task) {
        double tolerance = task == Task.REGRESSION ? 1e-2 : 1e-5; // of values around a thousand

        assertSame(
                fixture.get("boosted").get(task.name()),
                predicted(task, boosted(Lookback.ALL)),
                tolerance);
        assertSame(
                fixture.get("boostedRecent").get(task.name()),
                predicted(task, boosted(recent())),
                tolerance);
    }

    @ParameterizedTest
    @EnumSource
    void linearModel_predictsWhatScikitLearnDoes(Task task) {
        double tolerance = task == Task.REGRESSION ? 1e-1 : 1e-4;

        assertSame(
                fixture.get("linear").get(task.name()),
                predicted(task, linear(Lookback.ALL)),
                tolerance);
        assertSame(
                fixture.get("linearRecent").get(task.name()),
                predicted(task, linear(recent())),
                tolerance);
    }

    @Test
    void sigmoidCalibration_isPlattsAsScikitLearnFitsIt() {
        float[] scores = floats(fixture.get("platt").get("scores"));

        Calibrator fitted = Calibrator.fit(Calibration.SIGMOID, scores, targets(Task.BINARY));

        assertSame(
                fixture.get("platt").get("probability"),
                fitted.probabilities(scores, scores.length),
                1e-5);
    }

    @Test
    void tooFewOfAClass_orScoresTheWrongWayRound_areNotCalibrated() {
        float[] scores = new float[500];
        float[] none = new float[500];
        float[] against = new float[500];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = row / 100f - 2.5f;
            against[row] = row < 250 ? 1 : 0;
        }
        none[3] = 1;

        for (float[] values : List.of(none, against)) {
            Targets targets = new Targets(Task.BINARY, List.of("0", "1"), values);
            assertEquals(
                    new Calibrator(Task.BINARY, 1, 0),
                    Calibrator.fit(Calibration.SIGMOID, scores, targets));
        }
    }

    @Test
    void parity_neverForgetsANaN() {
        double[][] trainer = {{Double.NaN}, {1}};

        assertEquals(false, Parity.of(Task.BINARY, trainer, new double[][] {{0.5}, {1}}).holds());
    }

    @Test
    void temperature_isTheOneOfLeastLogLoss() {
        JsonNode rows = fixture.get("temperature").get("scores");
        float[] scores = new float[3 * rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(floats(rows.get(row)), 0, scores, 3 * row, 3);
        }

        Calibrator fitted = Calibrator.fit(Calibration.SIGMOID, scores, targets(Task.MULTICLASS));

        assertEquals(fixture.get("temperature").get("scale").asDouble(), fitted.scale(), 1e-4);
    }
}

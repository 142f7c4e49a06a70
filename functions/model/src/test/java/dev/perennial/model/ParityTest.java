package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the trainer predicts is what the ONNX file predicts: random tables, random trees, every
 * task, nasty values.
 */
class ParityTest {
    private static final int ROWS = 400;
    private static final List<FeatureSpec> FEATURES =
            List.of(
                    new NumberFeature(
                            "size", OptionalDouble.empty(), OptionalDouble.empty(), 1, false),
                    new NumberFeature(
                            "huge", OptionalDouble.empty(), OptionalDouble.empty(), 1, false),
                    new NumberFeature(
                            "constant", OptionalDouble.empty(), OptionalDouble.empty(), 1, false),
                    new NumberFeature(
                            "nothing at all",
                            OptionalDouble.empty(),
                            OptionalDouble.empty(),
                            1,
                            false),
                    new CategoryFeature("shop", List.of(), 1, false),
                    new CategoryFeature("straße №", List.of(), 1, false));

    static Stream<Arguments> everyTaskTrainerAndSeed() {
        return Stream.of(Task.values())
                .flatMap(task ->
                        Stream.of(TrainerName.values())
                                .flatMap(trainer ->
                                        IntStream.range(0, 6)
                                                .mapToObj(seed ->
                                                        Arguments.of(task, trainer, seed))));
    }

    @ParameterizedTest
    @MethodSource("everyTaskTrainerAndSeed")
    void fileAndTrainer_predictTheSame(Task task, TrainerName trainer, int seed) {
        Made made = make(task, trainer, seed);
        Table fresh = table(new SplittableRandom(1_000L + seed), 300, "unseen");
        Targets unknown = new Targets(task, made.targets().classes(), new float[300]);

        float[] scores = made.model().predict(made.preparation().matrix(fresh, unknown, 1));
        double[][] onnx;
        try (Predictor predictor = Predictor.open(made.onnx(), 1)) {
            onnx = predictor.predict(fresh);
        }

        double[][] reference =
                task == Task.REGRESSION
                        ? IntStream.range(0, 300)
                                .mapToObj(row -> new double[] {scores[row]})
                                .toArray(double[][]::new)
                        : made.calibrator().probabilities(scores, 300);
        Parity parity = Parity.of(task, reference, onnx);
        assertTrue(parity.holds(), parity.toString());
    }

    /** Through preparation, calibration and missing values alike. */
    @ParameterizedTest
    @MethodSource("everyTaskTrainerAndSeed")
    void contributions_addUpToTheCalibratedScore(Task task, TrainerName trainer, int seed) {
        Made made = make(task, trainer, seed);
        Table fresh = table(new SplittableRandom(1_000L + seed), 40, "unseen");
        Targets unknown = new Targets(task, made.targets().classes(), new float[40]);
        float[] scores = made.model().predict(made.preparation().matrix(fresh, unknown, 1));

        try (Explainer explainer = Explainer.open(made.onnx(), 1)) {
            for (int row = 0; row < 40; row++) {
                for (int margin = 0; margin < made.model().margins(); margin++) {
                    Explainer.Explanation found = explainer.explain(fresh, row, margin);
                    double score =
                            (double) made.calibrator().scale()
                                            * scores[row * made.model().margins() + margin]
                                    + made.calibrator().shift();
                    double sum =
                            found.baseline()
                                    + found.contributions().values().stream()
                                            .mapToDouble(Double::doubleValue)
                                            .sum();
                    assertEquals(
                            score, sum, 1e-5 * (1 + Math.abs(score)) + scale(task), "row " + row);
                    assertEquals(
                            FEATURES.stream().map(FeatureSpec::name).toList(),
                            List.copyOf(found.contributions().keySet()));
                }
            }
        }
    }

    /** Float32 sums of scores in millions err by more. */
    private static double scale(Task task) {
        return task == Task.REGRESSION ? 5 : 0;
    }

    @ParameterizedTest
    @MethodSource("everyTaskTrainerAndSeed")
    void sameInputTwice_givesTheSameBytes(Task task, TrainerName trainer, int seed) {
        assertArrayEquals(make(task, trainer, seed).onnx(), make(task, trainer, seed).onnx());
    }

    @Test
    void oneRowAndNoRow_arePredicted() {
        Made made = make(Task.MULTICLASS, TrainerName.XGBOOST, 1);

        try (Predictor predictor = Predictor.open(made.onnx(), 1)) {
            assertEquals(1, predictor.predict(table(new SplittableRandom(5), 1, "north")).length);
            assertEquals(0, predictor.predict(table(new SplittableRandom(5), 0, "north")).length);
        }
    }

    /** A small label, or one far from 0, must not make a wrong branch look like rounding. */
    @ParameterizedTest
    @CsvSource({"1e-7, 0", "1, 0", "1, 10000", "1e6, -1e9"})
    void regression_isHeldToTheSpreadOfItsPredictions(double spread, double offset) {
        double[][] trainer =
                IntStream.range(0, 100)
                        .mapToObj(row -> new double[] {(float) (offset + spread * row / 100.0)})
                        .toArray(double[][]::new);
        double[][] rounded =
                Arrays.stream(trainer)
                        .map(row -> new double[] {row[0] + Math.ulp((float) row[0])})
                        .toArray(double[][]::new);
        double[][] wrong = Arrays.stream(rounded).map(double[]::clone).toArray(double[][]::new);
        wrong[40][0] += spread / 50;

        assertTrue(Parity.of(Task.REGRESSION, trainer, rounded).holds());
        Parity found = Parity.of(Task.REGRESSION, trainer, wrong);
        assertFalse(found.holds(), found.toString());
        assertEquals(40, found.row());
    }

    @Test
    void closing_waitsForPredictions_andEndsThem() throws Exception {
        Made made = make(Task.BINARY, TrainerName.XGBOOST, 2);
        Table rows = table(new SplittableRandom(6), 2_000, "north");
        for (int round = 0; round < 20; round++) {
            Predictor predictor = Predictor.open(made.onnx(), 1);
            double[][] expected = predictor.predict(rows);
            CountDownLatch started = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
                Future<Integer> predictions =
                        threads.submit(() -> {
                            for (int count = 0; ; count++) {
                                started.countDown();
                                try {
                                    assertArrayEquals(expected, predictor.predict(rows));
                                } catch (IllegalStateException closed) {
                                    return count;
                                }
                            }
                        });
                started.await();
                predictor.close();
                predictor.close();
                assertTrue(predictions.get() >= 0);
            }
        }
    }

    @Test
    void predictions_surviveTheirBytes_andNoTruncationIsTakenForOne() {
        double[][] predictions = {{0.25, 0.75}, {1, 0}, {Double.NaN, -3.5}};
        byte[] bytes = PredictionMatrix.toBytes(predictions);

        assertArrayEquals(predictions, PredictionMatrix.fromBytes(bytes));
        assertArrayEquals(
                new double[0][],
                PredictionMatrix.fromBytes(PredictionMatrix.toBytes(new double[0][])));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(ModelException.class, () -> PredictionMatrix.fromBytes(cut));
        }
    }

    @Test
    void matrixBeyondTwoGigabytes_isRefusedBeforeItIsMade() {
        int rows = 1_000_000;
        CategoryColumn kind =
                new CategoryColumn(
                        "kind",
                        IntStream.range(0, rows).map(row -> row % 20).toArray(),
                        IntStream.range(0, 20).mapToObj(i -> "k" + i).toList());
        List<FeatureSpec> specs = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            specs.add(new CategoryFeature("kind" + i, List.of(), 1, false));
            columns.add(new CategoryColumn("kind" + i, kind.codes(), kind.dictionary()));
        }
        Table table = new Table(columns);
        Targets targets = new Targets(Task.REGRESSION, List.of(), new float[rows]);
        Preparation preparation = Preparation.fit(specs, table, targets);

        String message =
                assertThrows(ModelException.class, () -> preparation.transform(table, 1))
                        .getMessage();

        assertEquals(
                "1,000,000 rows of 600 prepared columns don't fit one matrix of 2 GB; use a shorter window or fewer features",
                message);
    }

    @Test
    void stamps_tellWhereAModelComesFrom_andNeverChange() {
        byte[] stamped =
                OnnxModel.stamp(
                        make(Task.BINARY, TrainerName.XGBOOST, 2).onnx(), Map.of("version", "3"));

        assertEquals("3", OnnxModel.describe(stamped).stamps().get("version"));
        assertEquals(List.of("a", "b"), OnnxModel.describe(stamped).classes());
        assertThrows(ModelException.class, () -> OnnxModel.stamp(stamped, Map.of("version", "4")));
    }

    @Test
    void foreignBytes_areRefused() {
        assertThrows(ModelException.class, () -> Predictor.open(new byte[] {1, 2, 3}, 1));
        assertThrows(ModelException.class, () -> OnnxModel.describe(new byte[0]));
        assertThrows(ModelException.class, () -> Preparation.fromBytes(new byte[0]));
    }

    @Test
    void matrix_survivesItsBytes_andNoTruncationIsTakenForOne() {
        Made made = make(Task.MULTICLASS, TrainerName.LINEAR, 3);
        byte[] bytes = made.matrix().range(0, 5).toBytes();

        TrainingMatrix read = TrainingMatrix.fromBytes(bytes);

        assertArrayEquals(made.matrix().range(0, 5).values(), read.values());
        assertEquals(made.targets().classes(), read.targets().classes());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThrows(
                    ModelException.class,
                    () -> TrainingMatrix.fromBytes(cut),
                    "cut after " + length);
        }
    }

    record Made(
            Preparation preparation,
            TrainedModel model,
            Calibrator calibrator,
            TrainingMatrix matrix,
            Targets targets,
            byte[] onnx) {}

    static Made make(Task task, TrainerName trainer, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Table rows = table(random, ROWS, "north");
        Targets targets = targets(task, rows, random);
        TrainSpec spec =
                new TrainSpec(
                        trainer,
                        4,
                        seed,
                        60,
                        8,
                        1,
                        Calibration.SIGMOID,
                        Map.of(),
                        List.of(),
                        1,
                        false);
        Candidate candidate = SearchSpace.draw(spec).get(1 + seed % 3);
        Preparation preparation =
                Preparation.fit(FEATURES, rows.range(0, 300), targets.range(0, 300));
        TrainingMatrix matrix = preparation.matrix(rows, targets, 1);
        TrainingMatrix validation = matrix.range(300, ROWS);
        TrainedModel model =
                Trainer.of(trainer).train(candidate, spec, matrix.range(0, 300), validation);
        Calibrator calibrator =
                Calibrator.fit(spec.calibration(), model.predict(validation), validation.targets());
        byte[] onnx =
                OnnxModel.write(
                        Preparation.fromBytes(preparation.toBytes()),
                        model,
                        calibrator,
                        targets.classes());
        return new Made(preparation, model, calibrator, matrix, targets, onnx);
    }

    private static Targets targets(Task task, Table rows, SplittableRandom random) {
        float[] values = new float[rows.rows()];
        double[] size = rows.number("size").values();
        for (int row = 0; row < values.length; row++) {
            double score = (Double.isNaN(size[row]) ? 1 : size[row]) + random.nextGaussian();
            values[row] =
                    switch (task) {
                        case BINARY -> score > 0 ? 1 : 0;
                        case MULTICLASS -> score < -1 ? 0 : score < 0 ? 1 : score < 1 ? 2 : 3;
                        case REGRESSION -> (float) (1e6 * score);
                    };
        }
        List<String> classes =
                switch (task) {
                    case BINARY -> List.of("a", "b");
                    case MULTICLASS -> List.of("a", "b", "c", "d");
                    case REGRESSION -> List.of();
                };
        return new Targets(task, classes, values);
    }

    /**
     * Numbers with gaps, a constant, an empty one, categories with gaps and more values than are
     * encoded one by one.
     */
    static Table table(SplittableRandom random, int rows, String extra) {
        double[] size = new double[rows];
        double[] huge = new double[rows];
        double[] constant = new double[rows];
        double[] nothing = new double[rows];
        int[] shop = new int[rows];
        int[] street = new int[rows];
        for (int row = 0; row < rows; row++) {
            size[row] = random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian();
            huge[row] = 1e7 * random.nextDouble();
            constant[row] = 7;
            nothing[row] = Double.NaN;
            shop[row] = random.nextInt(5) - 1;
            street[row] = random.nextInt(80) - 1;
        }
        List<String> streets = new ArrayList<>();
        for (int i = 0; i < 79; i++) {
            streets.add(extra + " " + (i % 2 == 0 ? "ü" : "") + i);
        }
        List<Column> columns =
                List.of(
                        new NumberColumn("size", size),
                        new NumberColumn("huge", huge),
                        new NumberColumn("constant", constant),
                        new NumberColumn("nothing at all", nothing),
                        new CategoryColumn("shop", shop, List.of("south", "west", "east", extra)),
                        new CategoryColumn("straße №", street, streets));
        return new Table(columns);
    }
}

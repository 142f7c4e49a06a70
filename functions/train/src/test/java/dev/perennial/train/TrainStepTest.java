package dev.perennial.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.Snapshots;
import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.step.Prepare;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactCorruptedException;
import dev.perennial.core.table.Table;
import dev.perennial.model.ModelException;
import dev.perennial.model.PredictionMatrix;
import dev.perennial.model.Predictor;
import dev.perennial.model.Preparation;
import dev.perennial.model.RowTimes;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainingMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainStepTest {
    private static SampleRun run(String task) {
        String spec =
                switch (task) {
                    case "multiclass" ->
                            Rows.spec("shop")
                                    .replace("task: binary", "task: multiclass")
                                    .replace("positive: \"yes\"", "classes: [low, mid, high]")
                                    .replace(
                                            "{metric: auc, min: 0.6}",
                                            "{metric: accuracy, min: 0.5}");
                    case "regression" -> regression();
                    default -> Rows.spec("shop");
                };
        String csv =
                Rows.lines(1_500, 1).stream()
                        .map(line -> labelled(task, line))
                        .collect(Collectors.joining("\n", "", "\n"));
        return new SampleRun(spec, csv);
    }

    private static String regression() {
        return Rows.spec("shop")
                .replace("task: binary", "task: regression")
                .replace("positive: \"yes\"", "delay: PT0S")
                .replace("{metric: auc, min: 0.6}", "{metric: r2, min: 0.5}");
    }

    private static String labelled(String task, String line) {
        if (task.equals("binary") || line.equals(Rows.HEADER)) {
            return line;
        }
        double price = Double.parseDouble(line.split(",")[3]);
        String label =
                task.equals("regression")
                        ? Double.toString(3 * price - 20)
                        : price < 11.5 ? "low" : price < 13.5 ? "mid" : "high";
        return line.substring(0, line.lastIndexOf(',') + 1) + label;
    }

    private record Prepared(Prepare.Prepared artifacts, List<Candidate> candidates, Table test) {}

    private static Prepared prepare(SampleRun run) {
        PipelineSpec spec = run.pipeline();
        Table rows = Snapshots.table(run.artifacts(), run.snapshot(), spec.schema());
        TimeSplit split =
                TimeSplit.of(rows.time(spec.time()).micros(), spec.split(), spec.label().delay());
        Targets targets = Targets.of(spec, rows);
        Preparation preparation =
                Preparation.fit(
                        spec.features(),
                        rows.range(0, split.trainEnd()),
                        targets.range(0, split.trainEnd()));
        TrainingMatrix matrix = preparation.matrix(rows, targets, 1);
        return new Prepared(
                new Prepare.Prepared(
                        run.put("preparation.onnx", preparation.toBytes()),
                        run.put("train", matrix.range(0, split.trainEnd()).toBytes()),
                        run.put(
                                "times",
                                new RowTimes(
                                                rows.range(0, split.trainEnd())
                                                        .time(spec.time())
                                                        .micros())
                                        .toBytes()),
                        run.put(
                                "validation",
                                matrix.range(split.validation(), split.validationEnd()).toBytes()),
                        run.put("test", matrix.range(split.test(), split.rows()).toBytes())),
                SearchSpace.draw(spec.train()),
                rows.range(split.test(), split.rows()));
    }

    private static Train.Output train(SampleRun run, Prepared prepared, int candidate) {
        return new TrainStep(run.artifacts())
                .apply(
                        new Train.Input(
                                SampleRun.RUN,
                                SampleRun.PIPELINE,
                                run.spec(),
                                prepared.artifacts(),
                                prepared.candidates().get(candidate)));
    }

    @ParameterizedTest
    @CsvSource({
        "binary, 0",
        "binary, 2",
        "multiclass, 0",
        "multiclass, 2",
        "regression, 0",
        "regression, 2"
    })
    void everyTaskAndTrainer_leavesAModelThatPredictsRawRows_asTheTrainerDid(
            String task, int candidate) {
        SampleRun run = run(task);
        Prepared prepared = prepare(run);

        Train.Trained trained = train(run, prepared, candidate).trained().orElseThrow();

        double[][] reference =
                PredictionMatrix.fromBytes(run.artifacts().read(trained.reference()));
        try (Predictor predictor = Predictor.open(run.artifacts().read(trained.model()), 1)) {
            double[][] predicted = predictor.predict(prepared.test());
            assertEquals(reference.length, predicted.length);
            double scale = task.equals("regression") ? 20 : 1;
            for (int row = 0; row < reference.length; row++) {
                assertArrayEquals(reference[row], predicted[row], 1e-5 * scale);
            }
        }
        FeatureShare[] importance =
                Json.read(
                        "importance",
                        run.artifacts().read(trained.importance()),
                        FeatureShare[].class);
        double sum = 0;
        for (FeatureShare each : importance) {
            sum += each.share();
        }
        assertEquals(1, sum, 1e-9);
        assertEquals(task.equals("binary") ? "size" : "price", importance[0].feature());
        assertTrue(Double.isFinite(trained.validationLoss()) && trained.rounds() > 0);
    }

    /** Prices far from the mean are labelled with more noise. */
    @ParameterizedTest
    @CsvSource({"xgboost", "linear"})
    void regression_saysHowFarOffItsAnswersMayBe(String trainer) {
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>(List.of(Rows.HEADER));
        for (String line : Rows.lines(3_000, 1).subList(1, 3_001)) {
            double price = Double.parseDouble(line.split(",")[3]);
            double noise = (price > 12.5 ? 4 : 1) * random.nextGaussian();
            lines.add(line.substring(0, line.lastIndexOf(',') + 1) + (3 * price - 20 + noise));
        }
        SampleRun run =
                new SampleRun(
                        regression()
                                .replace("validation: P8D", "validation: P4W")
                                .replace("trainer: xgboost", "trainer: " + trainer),
                        String.join("\n", lines) + "\n");
        Prepared prepared = prepare(run);

        Train.Trained trained = train(run, prepared, 0).trained().orElseThrow();

        double[] sums = new double[4];
        int[] rows = new int[2];
        try (Predictor predictor = Predictor.open(run.artifacts().read(trained.model()), 1)) {
            Predictor.Answers answers = predictor.answer(prepared.test());
            double[] expected = answers.expectedErrors().orElseThrow();
            for (int row = 0; row < expected.length; row++) {
                double price = prepared.test().number("price").values()[row];
                int noisy = price > 12.5 ? 1 : 0;
                double label = prepared.test().number("bought").values()[row];
                sums[noisy] += expected[row];
                sums[2 + noisy] += Math.abs(label - answers.predictions()[row][0]);
                rows[noisy]++;
            }
        }
        for (int noisy = 0; noisy < 2; noisy++) {
            double realised = sums[2 + noisy] / rows[noisy];
            assertEquals(realised, sums[noisy] / rows[noisy], 0.4 * realised, "noisy " + noisy);
        }
    }

    @Test
    void sameInputAgain_isARetry_andOtherCandidatesAreOthers() {
        SampleRun run = run("binary");
        Prepared prepared = prepare(run);

        Train.Output first = train(run, prepared, 0);

        assertEquals(first, train(run, prepared, 0));
        assertTrue(
                !first.trained()
                        .orElseThrow()
                        .model()
                        .sha256()
                        .equals(train(run, prepared, 1).trained().orElseThrow().model().sha256()));
    }

    /** Until eleven days before the validation rows everything meant the opposite. */
    @Test
    void afterAChange_theCandidateThatLooksBackLess_isBetter_andOneThatWeighsRecentRowsToo() {
        int changed = 1_500 - (8 + 8 + 11) * 24;
        SampleRun run =
                new SampleRun(
                        Rows.spec("shop")
                                .replace(
                                        "candidates: 2",
                                        "candidates: 3, windows: [P90D, P11D], halfLives: [P3D]"),
                        Rows.turned(Rows.lines(1_500, 1), 0, changed));
        Prepared prepared = prepare(run);

        double everything = train(run, prepared, 0).trained().orElseThrow().validationLoss();
        double recent = train(run, prepared, 1).trained().orElseThrow().validationLoss();
        double weighed = train(run, prepared, 2).trained().orElseThrow().validationLoss();

        assertTrue(recent < everything - 0.1, "%f, %f".formatted(recent, everything));
        assertTrue(weighed < everything - 0.1, "%f, %f".formatted(weighed, everything));
    }

    @Test
    void damagedOrForeignInput_isNamed() {
        SampleRun damaged = run("binary");
        Prepared prepared = prepare(damaged);
        damaged.damage(prepared.artifacts().train());
        assertTrue(
                assertThrows(ArtifactCorruptedException.class, () -> train(damaged, prepared, 0))
                        .getMessage()
                        .contains("sample/train"));

        SampleRun foreign = run("binary");
        Prepared good = prepare(foreign);
        Prepared swapped =
                new Prepared(
                        new Prepare.Prepared(
                                good.artifacts().preparation(),
                                good.artifacts().preparation(),
                                good.artifacts().times(),
                                good.artifacts().validation(),
                                good.artifacts().test()),
                        good.candidates(),
                        good.test());
        assertThrows(ModelException.class, () -> train(foreign, swapped, 0));
    }
}

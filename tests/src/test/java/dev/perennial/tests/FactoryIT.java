package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.TableReader;
import dev.perennial.local.Home;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.states.Execution;
import dev.perennial.local.states.ExecutionStatus;
import dev.perennial.local.template.TemplateReader;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole factory, from its zips through the real state machine. */
class FactoryIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final String PIPELINE = "shop";

    @TempDir static Path folder;

    private static Home home;
    private static LocalCloud cloud;
    private static int runs;

    @BeforeAll
    static void start() {
        home = Home.take(folder.resolve("home"));
        cloud = open(home);
    }

    private static LocalCloud open(Home home) {
        return LocalCloud.open(
                home,
                TemplateReader.read(ROOT.resolve("template.yaml"), Map.of("Pipeline", PIPELINE)),
                InstantSource.system(),
                (_, _) -> {});
    }

    @AfterAll
    static void stop() throws IOException {
        cloud.close();
        home.close();
    }

    private static Execution run(
            LocalCloud where, String name, String spec, String file, byte[] data)
            throws InterruptedException {
        where.artifacts()
                .replace(
                        Keys.spec(PIPELINE),
                        spec.getBytes(StandardCharsets.UTF_8),
                        "application/yaml");
        String source = "test-" + Digest.of(data).abbreviated();
        where.artifacts().put(Keys.source(source) + file, data, "application/octet-stream");
        return where.run(name, "{\"source\":\"%s\"}".formatted(source));
    }

    private static Execution run(String spec, byte[] data) throws InterruptedException {
        return run(cloud, "run-" + ++runs, spec, "data.csv", data);
    }

    private static RunSummary summary(Execution execution) {
        assertEquals(ExecutionStatus.SUCCEEDED, execution.status(), execution::toString);
        ArtifactRef ref =
                Json.read(
                        "summary",
                        Json.write(execution.output().orElseThrow().path("summary")),
                        ArtifactRef.class);
        return Json.read("run.json", cloud.artifacts().read(ref), RunSummary.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A home of its own: what is champion there decides. */
    @Test
    void refittedModelServes_andAFormerChampionComesBackWithItsConcept() throws Exception {
        String spec =
                Rows.spec(PIPELINE)
                        .replace(
                                "candidates: 2",
                                "candidates: 3, windows: [P90D, P20D], halfLives: [P20D], refit: true");
        try (Home own = Home.take(folder.resolve("own"));
                LocalCloud factory = open(own)) {
            List<String> lines = Rows.lines(1_600, 1);
            String known = Rows.turned(lines.subList(0, 1_001), 0, 0);
            String turned = Rows.turned(lines.subList(0, 1_401), 0, 1_400);
            String back = Rows.turned(lines, 0, 1_600 - 2 * 8 * 24);
            int runs = 0;
            List<Integer> champions = new ArrayList<>();
            for (String csv : List.of(known, turned, back)) {
                Execution execution = run(factory, "own-" + ++runs, spec, "data.csv", bytes(csv));
                assertEquals(ExecutionStatus.SUCCEEDED, execution.status(), execution::toString);
                champions.add(
                        factory.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow().version());
            }

            assertEquals(List.of(1, 2, 1), champions);
            assertEquals(2, factory.registry().versions(PIPELINE).size());
            RunRecord last = factory.registry().run(PIPELINE, "own-3").orElseThrow();
            assertTrue(last.reason().startsWith("version 1, a champion of before"), last::reason);
            ModelVersion first = factory.registry().version(PIPELINE, 1).orElseThrow();
            byte[] judged = factory.artifacts().read(first.judged());
            byte[] serves = factory.artifacts().read(first.model());
            assertFalse(Arrays.equals(judged, serves));
            assertEquals(
                    OnnxModel.describe(judged).stamps().get("run"),
                    OnnxModel.describe(serves).stamps().get("run"));
        }
    }

    /** With the permissions of the template: labels come, are compared, and probes are trained. */
    @Test
    void looksAtProbes_compareWhatServesWithThem_andTriggerWeighsByThem() throws Exception {
        String spec =
                Rows.spec(PIPELINE) + "retrain: {probes: P1D, costs: {error: 1, run: 1000}}\n";
        byte[] data = bytes(Rows.csv(1_500, 8));
        String promoted = run(spec, data).name();
        int champion = cloud.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow().version();
        String source = "test-" + Digest.of(data).abbreviated();
        List<String> said = new ArrayList<>();
        for (int day = 20; day <= 22; day++) {
            Execution look =
                    cloud.run(
                            "probe-" + day,
                            "{\"source\":\"%s\",\"until\":\"2026-02-%dT01:00:00Z\",\"probe\":{\"stakes\":{\"errorUsd\":1,\"runUsd\":1000,\"probeUsd\":0},\"runGoesOn\":false}}"
                                    .formatted(source, day));
            assertEquals(ExecutionStatus.SUCCEEDED, look.status(), look::toString);
            said.add(look.output().orElseThrow().path("says").asString());
        }
        Invocation weighed =
                cloud.invoke(
                        "TriggerFunction",
                        bytes(
                                "{\"trigger\":\"schedule\",\"time\":\"2026-02-22T02:00:00Z\",\"delivery\":\"d\"}"));

        assertTrue(said.getLast().endsWith("; a probe was trained"), said::toString);
        assertTrue(cloud.registry().run(PIPELINE, "probe-22").isEmpty(), "a look is no run");
        assertEquals(
                champion,
                cloud.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow().version(),
                promoted);
        String decision =
                new String(((Invocation.Returned) weighed).payload(), StandardCharsets.UTF_8);
        assertTrue(
                decision.contains("it isn't worth it yet: probes say that fresh models"), decision);
        assertTrue(decision.contains("labels up to 2026-02-22T01:00:00Z"), decision);
    }

    @Test
    void goodData_givesAPromotedModel_thatServesRawRows_andKnowsWhereItComesFrom()
            throws Exception {
        Execution execution = run(Rows.spec(PIPELINE), bytes(Rows.csv(1_500, 1)));

        RunSummary summary = summary(execution);
        assertEquals(RunStatus.PROMOTED, summary.status(), summary.reason());
        Alias champion = cloud.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow();
        ModelVersion version = cloud.registry().version(PIPELINE, champion.version()).orElseThrow();
        assertEquals(summary.version().getAsInt(), champion.version());
        byte[] onnx = cloud.artifacts().read(version.model());
        OnnxModel.Description description = OnnxModel.describe(onnx);
        assertEquals(List.of("no", "yes"), description.classes());
        assertEquals(PIPELINE, description.stamps().get("pipeline"));
        assertEquals(Integer.toString(champion.version()), description.stamps().get("version"));
        assertEquals(version.snapshot().digest().hex(), description.stamps().get("snapshot"));
        Path fresh = Files.writeString(folder.resolve("fresh.csv"), Rows.csv(50, 99));
        List<Field> fields =
                description.features().stream()
                        .map(feature -> new Field(feature.name(), feature.columnType()))
                        .toList();
        try (Predictor predictor = Predictor.open(onnx, 1)) {
            double[][] predicted =
                    predictor.predict(
                            new TableReader(new Schema(fields))
                                    .add(fresh, "fresh.csv")
                                    .finish()
                                    .table());
            assertEquals(50, predicted.length);
            for (double[] row : predicted) {
                assertEquals(1, row[0] + row[1], 1e-6);
            }
        }
        RunRecord record = cloud.registry().run(PIPELINE, execution.name()).orElseThrow();
        assertEquals(RunStatus.PROMOTED, record.status());
        String report =
                new String(
                        cloud.artifacts().read(record.report().orElseThrow()),
                        StandardCharsets.UTF_8);
        assertTrue(report.contains("default-src 'none'"));
        assertTrue(
                !report.contains("<script")
                        && !report.contains("http://")
                        && !report.contains("https://"));
    }

    @Test
    void sameDataTwice_isJudgedAgainstTheChampion_andNotPromotedAgain() throws Exception {
        String spec =
                Rows.spec(PIPELINE) + "  - {metric: logLoss, versus: champion, confidence: 0.95}\n";
        byte[] data = bytes(Rows.csv(1_500, 2));
        run(spec, data);
        Alias before = cloud.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow();

        RunSummary second = summary(run(spec, data));

        assertEquals(RunStatus.REJECTED, second.status());
        assertTrue(second.reason().contains("champion"), second.reason());
        assertEquals(before, cloud.registry().alias(PIPELINE, Alias.CHAMPION).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource
    void otherTasks_runThroughTheSameFactory(String task, String label, String gate)
            throws Exception {
        List<String> lines = new ArrayList<>(List.of(Rows.HEADER));
        Rows.lines(1_500, 4).stream()
                .skip(1)
                .forEach(line -> {
                    String[] cells = line.split(",", -1);
                    double price = Double.parseDouble(cells[3]);
                    cells[4] =
                            task.equals("regression")
                                    ? Double.toString(
                                            1e6 * price + (cells[1].equals("north") ? 1e6 : 0))
                                    : price < 11.5 ? "low" : price < 13.5 ? "mid" : "high";
                    lines.add(String.join(",", cells));
                });
        String spec =
                Rows.spec(PIPELINE)
                        .replace("task: binary", "task: " + task)
                        .replace("positive: \"yes\"", label)
                        .replace("validation: P8D", "validation: P14D")
                        .replace("{metric: auc, min: 0.6}", gate);

        RunSummary summary = summary(run(spec, bytes(String.join("\n", lines) + "\n")));

        assertEquals(RunStatus.PROMOTED, summary.status(), summary.reason());
        Evaluation evaluation = summary.evaluation().orElseThrow();
        assertTrue(evaluation.parity().orElseThrow().difference() <= 1e-5);
        assertTrue(
                evaluation.predicted().orElseThrow().expectedError().isPresent(),
                "what it says of its own errors before labels come");
    }

    static Stream<Arguments> otherTasks_runThroughTheSameFactory() {
        return Stream.of(
                Arguments.of(
                        "multiclass", "classes: [low, mid, high]", "{metric: accuracy, min: 0.9}"),
                Arguments.of("regression", "delay: PT0S", "{metric: r2, min: 0.9}"));
    }

    /** Each gives one clear sentence, ends as DATA_REJECTED, and loses nothing. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void badData_isRejected_sayingWhy(String name, String file, byte[] data, String said)
            throws Exception {
        List<ModelVersion> before = cloud.registry().versions(PIPELINE);

        Execution execution = run(cloud, "bad-" + ++runs, Rows.spec(PIPELINE), file, data);

        RunSummary summary = summary(execution);
        assertEquals(RunStatus.DATA_REJECTED, summary.status(), summary.reason());
        assertTrue(summary.reason().contains(said), summary.reason());
        assertEquals(before, cloud.registry().versions(PIPELINE));
        assertEquals(
                RunStatus.DATA_REJECTED,
                cloud.registry().run(PIPELINE, execution.name()).orElseThrow().status());
    }

    static Stream<Arguments> badData_isRejected_sayingWhy() throws IOException {
        String good = Rows.csv(1_500, 5);
        byte[] notUtf8 = bytes(good);
        notUtf8[good.indexOf("south")] = (byte) 0xff;
        byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
        return Stream.of(
                bad("empty file", "", "empty"),
                bad("header only", Rows.HEADER + "\n", "no readable row"),
                bad("ragged rows", everyTenth(good, line -> line + ",more"), "rows unreadable"),
                bad("unclosed quote", good.replaceFirst("south", "\"south"), "not valid CSV"),
                Arguments.of("not UTF-8", "data.csv", notUtf8, "is not UTF-8"),
                bad("duplicate column", good.replaceFirst("shop", "size"), "appears twice"),
                bad("missing column", good.replaceFirst("price", "cost"), "column price missing"),
                bad(
                        "text in a number",
                        everyTenth(good, line -> line.replaceAll(",[\\d.]+,(yes|no)", ",cheap,$1")),
                        "rows unreadable"),
                bad(
                        "infinite number",
                        everyTenth(good, line -> line.replaceAll(",[\\d.]+,(yes|no)", ",1e999,$1")),
                        "rows unreadable"),
                bad(
                        "label with one class",
                        good.replace(",no\n", ",yes\n"),
                        "at least two classes"),
                bad("no label at all", good.replaceAll(",(yes|no)\n", ",\n"), "0 labelled rows"),
                bad(
                        "new label value",
                        everyTenth(good, line -> line.replaceAll("(yes|no)$", "perhaps")),
                        "3 classes"),
                bad(
                        "column all null",
                        good.replaceAll(",[-\\d.]*,([\\d.]+,(yes|no))", ",,$1"),
                        "nulls in size"),
                bad(
                        "time unparsable",
                        everyTenth(good, line -> line.replaceFirst("2026", "2026-99")),
                        "rows unreadable"),
                bad("fewer rows than the split needs", Rows.csv(300, 5), "rows in the"),
                bad(
                        "out of range",
                        everyTenth(good, line -> line.replaceAll(",[\\d.]+,(yes|no)", ",-5,$1")),
                        "range in price"),
                Arguments.of(
                        "wrong magic", "data.parquet", bytes(good), "does not begin with PAR1"),
                Arguments.of(
                        "truncated Parquet",
                        "data.parquet",
                        Arrays.copyOf(magic, 200),
                        "not a readable Parquet file"),
                bad(
                        "cell of 10 MB",
                        good.replaceFirst("south", "x".repeat(10_000_000))
                                + "\n"
                                + everyTenth(good, line -> line + ","),
                        "rows unreadable"));
    }

    private static Arguments bad(String name, String csv, String said) {
        return Arguments.of(name, "data.csv", bytes(csv), said);
    }

    private static String everyTenth(String csv, UnaryOperator<String> spoil) {
        List<String> lines = new ArrayList<>(csv.lines().toList());
        for (int i = 10; i < lines.size(); i += 10) {
            lines.set(i, spoil.apply(lines.get(i)));
        }
        return String.join("\n", lines) + "\n";
    }

    /** What is unusual but right goes through. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unusualData_isAccepted(String name, String csv) throws Exception {
        RunSummary summary = summary(run(Rows.spec(PIPELINE), bytes(csv)));

        assertEquals(RunStatus.PROMOTED, summary.status(), summary.reason());
    }

    static Stream<Arguments> unusualData_isAccepted() {
        String good = Rows.csv(1_500, 6);
        List<String> shuffled = new ArrayList<>(good.lines().skip(1).toList());
        java.util.Collections.shuffle(shuffled, new java.util.Random(1));
        return Stream.of(
                Arguments.of("BOM and CRLF", "\uFEFF" + good.replace("\n", "\r\n")),
                Arguments.of(
                        "extra column", good.replace("\n", ",x\n").replaceFirst(",x", ",more")),
                Arguments.of("unsorted", Rows.HEADER + "\n" + String.join("\n", shuffled) + "\n"),
                Arguments.of("a few bad rows", good + "nonsense\n2026-01-01,only\n"),
                Arguments.of("rows in the future", good + "2999-01-01T00:00:00Z,north,1,12,yes\n"));
    }

    @Test
    void whatNoStepExpects_failsTheRun_recordsAndNotifies() throws Exception {
        cloud.artifacts()
                .replace(Keys.spec(PIPELINE), bytes(Rows.spec(PIPELINE)), "application/yaml");

        Execution execution = cloud.run("hostile-" + ++runs, "{\"source\":\"../etc\"}");

        assertEquals(ExecutionStatus.FAILED, execution.status());
        assertTrue(
                execution.cause().orElseThrow().contains("is no key"),
                execution.cause().orElseThrow());
        RunRecord record = cloud.registry().run(PIPELINE, execution.name()).orElseThrow();
        assertEquals(RunStatus.FAILED, record.status());
        assertTrue(
                Files.readString(home.folder().resolve("notifications.jsonl"))
                        .contains(execution.name()));
    }
}

package dev.perennial.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.MissingSpecException;
import dev.perennial.aws.Snapshots;
import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Predicted;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.CapturedRows;
import dev.perennial.core.live.InMemoryLiveLog;
import dev.perennial.core.live.LabelReader;
import dev.perennial.core.live.LiveBatch;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveMessage.Kind;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Answers;
import dev.perennial.core.promotion.InMemoryQuestions;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.InMemoryStateStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.store.StoreUnavailableException;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import dev.perennial.parquet.ParquetWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MonitorHandlerTest {
    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");
    private static final List<String> CLASSES = List.of("no", "yes");

    @TempDir Path folder;

    private final SampleRun run = SampleRun.good();
    private final PipelineSpec spec = run.pipeline();
    private final Table rows = Snapshots.table(run.artifacts(), run.snapshot(), spec.schema());

    /** What predictions are made for. */
    private Table live = rows;

    private final InMemoryLiveLog log = new InMemoryLiveLog();
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final List<String> problems = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final InMemoryQuestions questions = new InMemoryQuestions();
    private final List<Answer> answers = new ArrayList<>();
    private boolean runWaits = true;
    private final MonitorHandler handler = handler(store);

    /** A run that waits until it is said to have ended. */
    private final class Asking implements Answers {
        @Override
        public boolean send(Question question, Answer answer) {
            answers.add(answer);
            return runWaits;
        }

        @Override
        public boolean isAwaited(Question question) {
            return runWaits;
        }
    }

    private MonitorHandler handler(StateStore states) {
        return new MonitorHandler(
                run.artifacts(),
                log,
                states,
                questions,
                new Asking(),
                new Champions(run.artifacts(), run.registry(), SampleRun.PIPELINE),
                SampleRun.PIPELINE,
                new EmbeddedMetrics(metrics::add),
                new Failures(SampleRun.PIPELINE, new EmbeddedMetrics(metrics::add), problems::add));
    }

    /** The spec, and a champion that was right in 0.8 of its test. */
    @BeforeEach
    void champion() {
        run.artifacts()
                .replace(
                        Keys.spec(SampleRun.PIPELINE),
                        Rows.spec(SampleRun.PIPELINE).getBytes(StandardCharsets.UTF_8),
                        "application/yaml");
        ArtifactRef profile = run.put("profile.json", TableProfile.of(rows).toJson());
        ArtifactRef evaluation = run.put("tested.json", Json.pretty(tested()));
        run.registry()
                .register(
                        SampleRun.PIPELINE,
                        SampleRun.RUN,
                        number ->
                                new ModelVersion(
                                        SampleRun.PIPELINE,
                                        number,
                                        SampleRun.RUN,
                                        SampleRun.STARTED,
                                        profile,
                                        Optional.empty(),
                                        profile,
                                        evaluation,
                                        profile,
                                        run.spec(),
                                        run.snapshot(),
                                        Map.of()));
        run.registry()
                .point(
                        SampleRun.PIPELINE,
                        Alias.CHAMPION,
                        1,
                        0,
                        SampleRun.STARTED,
                        "test",
                        SampleRun.RUN,
                        "for a test");
    }

    private Evaluation tested() {
        return tested(0.8, Optional.empty());
    }

    private Evaluation tested(double accuracy, Optional<Evaluation.Former> former) {
        Evaluation sample =
                Json.read(
                        "evaluation",
                        run.artifacts().read(run.evaluation(true, "size")),
                        Evaluation.class);
        return new Evaluation(
                sample.task(),
                sample.classes(),
                sample.rows(),
                sample.candidates(),
                sample.chosen(),
                sample.average(),
                former,
                sample.championVersion(),
                sample.championRevision(),
                List.of(
                        new Evaluation.ModelScore(
                                Evaluation.CANDIDATE,
                                Map.of(
                                        "accuracy",
                                        new Interval(
                                                accuracy,
                                                accuracy - 0.05,
                                                accuracy + 0.05,
                                                0.95)))),
                sample.resampling(),
                sample.parity(),
                sample.curve(),
                Optional.of(predicted()),
                sample.slices(),
                sample.importance(),
                sample.gates(),
                sample.accepted());
    }

    /** Wrong in a fifth of the rows, whatever their features. */
    private Predicted predicted() {
        double[] errors =
                IntStream.range(0, rows.rows()).mapToDouble(row -> row % 5 == 0 ? 1 : 0).toArray();
        return new Predicted(
                new TableProfile(0, List.of(), List.of(), List.of()),
                Map.of(),
                OptionalDouble.empty(),
                Optional.of(Slices.of(rows, List.of("shop", "size")).errors(rows, errors)));
    }

    /** Predictions as capture stores them: each row is "yes" with 0.7. */
    private void predictions(Instant at, int from, int to) {
        predictions(at, from, to, 1, Role.CHAMPION, 0.7);
    }

    private void predictions(
            Instant at, int from, int to, int version, Role role, double probability) {
        Table asked =
                new Table(
                        live.range(from, to).columns().stream()
                                .filter(column -> !column.name().equals(spec.label().column()))
                                .toList());
        List<String> ids = IntStream.range(from, to).mapToObj(row -> "id-" + row).toList();
        double[][] predicted =
                IntStream.range(from, to)
                        .mapToObj(_ -> new double[] {1 - probability, probability})
                        .toArray(double[][]::new);
        append(
                Kind.PREDICTIONS,
                OptionalInt.of(version),
                at,
                CapturedRows.of(spec, asked)
                        .madeBy(
                                version,
                                Collections.nCopies(to - from, role),
                                LiveColumns.entity(spec, asked),
                                at)
                        .answered(ids, CLASSES, predicted, Optional.empty()));
    }

    /** Labels as capture stores them. */
    private void labels(Instant at, int from, int to, String label) {
        labels(at, from, to, _ -> label);
    }

    private void labels(Instant at, int from, int to, IntFunction<String> label) {
        String items =
                IntStream.range(from, to)
                        .mapToObj(row ->
                                "{\"id\":\"id-%d\",\"label\":\"%s\"}"
                                        .formatted(row, label.apply(row)))
                        .collect(Collectors.joining(","));
        append(
                Kind.LABELS,
                OptionalInt.empty(),
                at,
                new LabelReader(spec)
                        .json(
                                "{\"labels\":[%s]}"
                                        .formatted(items)
                                        .getBytes(StandardCharsets.UTF_8),
                                at)
                        .rows());
    }

    private void append(Kind kind, OptionalInt version, Instant at, Table batch) {
        Path file = folder.resolve("batch.parquet");
        ParquetWriter.write(batch, file);
        ArtifactRef data =
                run.artifacts().put(key(kind, at, file), file, "application/vnd.apache.parquet");
        log.append(SampleRun.PIPELINE, new LiveBatch(kind, version, data, batch.rows()));
    }

    private static String key(Kind kind, Instant at, Path file) {
        try {
            return Keys.live(
                    SampleRun.PIPELINE,
                    kind.folder(),
                    at.atOffset(ZoneOffset.UTC).toLocalDate(),
                    Digest.of(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static JsonNode look(MonitorHandler monitor, Instant at) {
        byte[] event = "{\"time\":\"%s\"}".formatted(at).getBytes(StandardCharsets.UTF_8);
        return Json.tree("answer", monitor.apply(new ByteArrayInputStream(event)));
    }

    private JsonNode look(Instant at) {
        return look(handler, at);
    }

    private List<JsonNode> published() {
        return metrics.stream()
                .map(line -> Json.tree("metrics", line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static void assertCounts(JsonNode answer, int batches, int served, int labelled) {
        assertEquals(batches, answer.path("batches").asInt(-1), "batches");
        assertEquals(served, answer.path("served").asInt(-1), "served");
        assertEquals(labelled, answer.path("labelled").asInt(-1), "labelled");
    }

    @Test
    void predictionsAndTheirLabels_areJoined_andPublished() {
        predictions(NOON, 0, 300);
        labels(NOON.plusSeconds(60), 0, 200, "yes");

        JsonNode answer = look(NOON.plus(Duration.ofHours(1)));

        assertTrue(answer.path("taken").asBoolean(false));
        assertCounts(answer, 2, 300, 200);
        JsonNode drift = published().getFirst();
        JsonNode whole = published().get(1);
        assertEquals(300, whole.path("Predictions").asInt(-1));
        assertEquals(200, whole.path("Labels").asInt(-1));
        assertEquals(100, whole.path("OpenPredictions").asInt(-1));
        assertEquals(0, whole.path("MeanError").asDouble(-1));
        assertTrue(drift.path("ErrorDrift").asDouble(9) < 1);
        assertTrue(drift.path("FeatureDrift").asDouble(9) < 1);
        assertEquals(
                List.of("price", "shop", "size"),
                published().stream()
                        .skip(2)
                        .filter(line -> line.has("PSI") && line.has("PSIThreshold"))
                        .map(line -> line.path("feature").asString(""))
                        .sorted()
                        .toList());
    }

    @Test
    void wrongPredictions_raiseTheErrorDrift() {
        predictions(NOON, 0, 300);
        labels(NOON.plusSeconds(60), 0, 300, "no");

        JsonNode answer = look(NOON.plus(Duration.ofHours(1)));

        assertTrue(answer.path("errorDrift").asDouble(-1) >= 1, answer.toString());
        assertEquals(1, published().get(1).path("MeanError").asDouble(-1));
        assertTrue(page().contains("Errors have been rising since 2026-04-01T12:00:00Z"));
    }

    /** As all predictions are wrong, a test at which nearly all were has to be the newest one. */
    @Test
    void versionThatARunBroughtBack_isMeasuredAgainstThatRunsTest() {
        Evaluation again =
                tested(0.05, Optional.of(new Evaluation.Former(List.of(), OptionalInt.of(1))));
        run.artifacts()
                .put(
                        Keys.step("recalling", "evaluate", "evaluation.json"),
                        Json.pretty(again),
                        "application/json");
        run.registry()
                .point(
                        SampleRun.PIPELINE,
                        Alias.CHAMPION,
                        1,
                        1,
                        SampleRun.STARTED,
                        "training",
                        "recalling",
                        "its concept came back");
        predictions(NOON, 0, 300);
        labels(NOON.plusSeconds(60), 0, 300, "no");

        JsonNode answer = look(NOON.plus(Duration.ofHours(1)));

        assertTrue(answer.path("errorDrift").asDouble(-1) < 1, answer.toString());
    }

    private JsonNode report(JsonNode answer) {
        return Json.tree(
                "report",
                run.artifacts()
                        .current(answer.path("report").path("key").asString())
                        .orElseThrow());
    }

    private String page() {
        String key =
                run.artifacts().list(Keys.monitor(SampleRun.PIPELINE, "pages")).getFirst().key();
        return new String(run.artifacts().current(key).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void featureThatMoved_hasAPicture_itsPartOfTheGain_andTheDay() {
        double[] sizes = rows.number("size").values().clone();
        Arrays.setAll(sizes, row -> sizes[row] * 10);
        live =
                new Table(
                        rows.columns().stream()
                                .map(column ->
                                        column.name().equals("size")
                                                ? new Column.NumberColumn("size", sizes)
                                                : column)
                                .toList());
        predictions(NOON, 0, 300);

        JsonNode answer = look(NOON.plus(Duration.ofHours(1)));

        assertTrue(answer.path("featureDrift").asDouble(-1) >= 1, answer.toString());
        JsonNode report = report(answer);
        JsonNode moved = report.path("shifts").path("features").path(0);
        assertEquals("size", moved.path("column").asString());
        assertEquals(1, moved.path("importance").asDouble(-1));
        assertEquals("2026-04-01", moved.path("since").asString());
        assertTrue(
                report.path("page").path("key").asString().contains("/pages/"), report::toString);
        String page = page();
        assertTrue(page.contains("<td class='text '>size</td><td>100.0 %</td>"), page);
        assertTrue(page.contains("<svg"), page);
    }

    @Test
    void partOfTheRowsThatSuffers_isOnThePage_andInTheReport() {
        predictions(NOON, 0, 1_000);
        labels(
                NOON.plusSeconds(60),
                0,
                1_000,
                row -> {
                    boolean isNorth = live.category("shop").text(row).equals("north");
                    return isNorth || row % 5 == 0 ? "no" : "yes";
                });

        JsonNode answer = look(NOON.plus(Duration.ofHours(1)));

        assertTrue(answer.path("errorDrift").asDouble(-1) >= 1, answer.toString());
        JsonNode worst = report(answer).path("worse").path(0);
        assertEquals("shop is north", worst.path("slice").asString());
        assertEquals(1, worst.path("error").asDouble(-1));
        assertTrue(page().contains("<td class='text '>shop is north</td>"), this::page);
    }

    @Test
    void quietTraffic_makesNoPage() {
        predictions(NOON, 0, 300);
        look(NOON.plus(Duration.ofHours(1)));

        assertEquals(List.of(), run.artifacts().list(Keys.monitor(SampleRun.PIPELINE, "pages")));
    }

    @Test
    void withoutTraffic_aLookCounts_andFindsNothing() {
        JsonNode answer = look(NOON);

        assertTrue(answer.path("taken").asBoolean(false));
        assertCounts(answer, 0, 0, 0);
        assertEquals(0, answer.path("errorDrift").asDouble(-1));
        assertEquals(0, answer.path("featureDrift").asDouble(-1));
        assertEquals(List.of(), metrics, "a metric costs money");
    }

    @Test
    void oneRow_saysNothingOfADistribution() {
        predictions(NOON, 0, 1);

        JsonNode answer = look(NOON);

        assertCounts(answer, 1, 1, 0);
        assertEquals(0, answer.path("featureDrift").asDouble(-1));
    }

    @Test
    void batch_isTakenInByOneLookOnly() {
        predictions(NOON, 0, 100);
        look(NOON);
        predictions(NOON, 100, 150);

        assertCounts(look(NOON.plus(Duration.ofHours(1))), 1, 50, 0);
        assertCounts(look(NOON.plus(Duration.ofHours(2))), 0, 0, 0);
    }

    @Test
    void lookThatAnotherOvertakes_countsForNothing() {
        predictions(NOON, 0, 100);
        List<JsonNode> faster = new ArrayList<>();
        StateStore overtaken =
                new StateStore() {
                    @Override
                    public Optional<Present> present(String pipeline) {
                        return store.present(pipeline);
                    }

                    @Override
                    public boolean replace(String pipeline, Present next) {
                        faster.add(look(NOON));
                        metrics.clear();
                        return store.replace(pipeline, next);
                    }
                };

        JsonNode slower = look(handler(overtaken), NOON);

        assertTrue(faster.getFirst().path("taken").asBoolean(false));
        assertFalse(slower.path("taken").asBoolean(true));
        assertEquals(List.of(), metrics, "the slower one publishes nothing");
        assertCounts(look(NOON), 0, 0, 0);
    }

    /** It is repeated, and the alarm can't miss what it found. */
    @Test
    void lookThatDiesBeforeItCounts_hasToldTheAlarms() {
        predictions(NOON, 0, 100);
        StateStore dying =
                new StateStore() {
                    @Override
                    public Optional<Present> present(String pipeline) {
                        return store.present(pipeline);
                    }

                    @Override
                    public boolean replace(String pipeline, Present next) {
                        throw new StoreUnavailableException(
                                "replacing", new IllegalStateException("killed"));
                    }
                };

        assertThrows(StoreUnavailableException.class, () -> look(handler(dying), NOON));

        assertEquals(1, metrics.size());
        assertTrue(published().getFirst().has("ErrorDrift"), metrics::toString);
        assertCounts(look(NOON), 1, 100, 0);
    }

    @Test
    void batchThatCantBeRead_isToldOf_andHoldsUpNoOther() {
        predictions(NOON, 0, 100);
        append(
                Kind.PREDICTIONS,
                OptionalInt.of(1),
                NOON,
                new Table(List.of(CategoryColumn.of(LiveColumns.ID, List.of("odd")))));
        predictions(NOON, 100, 120, 7, Role.CHAMPION, 0.7); // no such version
        predictions(NOON.plusSeconds(1), 200, 300);
        run.artifacts().delete(log.after(SampleRun.PIPELINE, 0, 1).getFirst().batch().data().key());

        assertCounts(look(NOON.plusSeconds(60)), 4, 100, 0);

        assertEquals(3, problems.size(), problems::toString);
        for (String problem : problems) {
            assertTrue(problem.startsWith("BATCH_NOT_READ pipeline="), problem);
        }
        assertTrue(problems.getFirst().contains("sequence=1 "), problems::toString);
        assertCounts(look(NOON.plusSeconds(120)), 0, 0, 0);
    }

    /** The schedule is there before the spec; later a spec that is gone is a fault. */
    @Test
    void lookBeforeTheSpec_isNoError_andOneAfterItWasDeletedIs() {
        predictions(NOON, 0, 100);
        look(NOON);
        run.artifacts().delete(Keys.spec(SampleRun.PIPELINE));

        assertThrows(MissingSpecException.class, () -> look(NOON.plusSeconds(60)));
        JsonNode early = look(handler(new InMemoryStateStore()), NOON);
        assertFalse(early.path("taken").asBoolean(true));
        assertEquals("there is no spec yet", early.path("why").asString(""));
    }

    @Test
    void lookThatIsLateByAWeek_takesEverythingIn() {
        predictions(NOON, 0, 100);
        look(NOON);
        labels(NOON.plus(Duration.ofHours(1)), 0, 100, "yes");
        predictions(NOON.plus(Duration.ofDays(5)), 100, 200);

        JsonNode late = look(NOON.plus(Duration.ofDays(7)));

        assertCounts(late, 2, 100, 100);
    }

    @Test
    void lookOfAnOlderTime_countsAsTheLastOnes() {
        look(NOON);
        predictions(NOON, 0, 100);

        JsonNode older = look(NOON.minus(Duration.ofDays(2)));

        assertTrue(older.path("taken").asBoolean(false));
        assertEquals(NOON.toString(), older.path("at").asString(""));
        assertCounts(older, 1, 100, 0);
    }

    @Test
    void labelsThatComeFirst_waitForTheirPredictions() {
        labels(NOON, 0, 100, "yes");
        JsonNode early = look(NOON);
        predictions(NOON, 0, 100);

        JsonNode later = look(NOON.plus(Duration.ofHours(1)));

        assertCounts(early, 1, 0, 0);
        assertEquals(100, published().get(1).path("WaitingLabels").asInt(-1));
        assertCounts(later, 1, 100, 100);
    }

    /** Version 2, registered like the champion, asks to take its place. */
    private void trial() {
        ModelVersion champion = run.registry().version(SampleRun.PIPELINE, 1).orElseThrow();
        run.registry()
                .register(
                        SampleRun.PIPELINE,
                        "challenging",
                        number ->
                                new ModelVersion(
                                        SampleRun.PIPELINE,
                                        number,
                                        "challenging",
                                        SampleRun.STARTED,
                                        champion.model(),
                                        champion.refit(),
                                        champion.modelCard(),
                                        champion.evaluation(),
                                        champion.profile(),
                                        champion.spec(),
                                        champion.snapshot(),
                                        Map.of()));
        questions.ask(
                new Question(
                        SampleRun.PIPELINE,
                        "challenging",
                        2,
                        Mode.SHADOW,
                        0,
                        0.95,
                        1,
                        NOON,
                        NOON.plus(Duration.ofDays(30)),
                        "token"));
    }

    /** Both versions on the same rows; the challenger is surer of what comes true mostly. */
    private void trialRows() {
        predictions(NOON, 0, 1_000);
        predictions(NOON, 0, 1_000, 2, Role.SHADOW, 0.95);
        for (int row = 0; row < 1_000; row += 10) {
            labels(NOON, row, row + 9, "yes");
            labels(NOON, row + 9, row + 10, row % 100 == 0 ? "no" : "yes");
        }
    }

    @Test
    void challengerThatWinsOnLiveLabels_isAnswered_untilItsRunHeardIt() {
        trial();
        look(NOON);
        assertEquals(List.of(), answers);
        trialRows();

        look(NOON.plus(Duration.ofHours(1)));
        look(NOON.plus(Duration.ofHours(2)));

        assertEquals(2, answers.size(), "again as long as the question is open");
        assertTrue(answers.getFirst().promote(), answers.getFirst()::reason);
        assertEquals(answers.getFirst(), answers.getLast());
        runWaits = false;
        look(NOON.plus(Duration.ofHours(3)));
        assertEquals(List.of(), questions.open(SampleRun.PIPELINE), "nobody waits any more");
        assertEquals(2, answers.size());
    }

    @Test
    void shadows_areNoTraffic_ofTheChampionsOwn() {
        trial();
        trialRows();

        JsonNode look = look(NOON.plus(Duration.ofHours(1)));

        assertEquals(1_000, look.path("served").asLong());
        JsonNode report =
                Json.tree(
                        "report",
                        run.artifacts()
                                .read(
                                        Json.read(
                                                "report",
                                                Json.write(look.path("report")),
                                                ArtifactRef.class)));
        assertEquals(1_000, report.path("counts").path("predictions").asLong());
        assertEquals(1_000, report.path("trial").path("rows").asLong());
        assertTrue(report.path("trial").path("advantage").path("low").asDouble() > 0);
        assertTrue(report.path("trial").path("decision").path("promote").asBoolean(false));
    }
}

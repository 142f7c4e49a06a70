package dev.perennial.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.Snapshots;
import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.retrain.LoggedEvidence;
import dev.perennial.core.retrain.ProbeLog;
import dev.perennial.core.retrain.ProbedWorth;
import dev.perennial.core.retrain.Stakes;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.step.Probe;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.InMemoryStateStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProbeStepTest {
    /** Hourly rows; the first champion came after 68 days, learned from ten, and serves on. */
    private static final int CAME = 68;

    private static final int LEARNED = 10;
    private static final Instant FIRST_LOOK = SampleRun.STARTED.plus(Duration.ofHours(1));
    private static final String SPEC =
            Rows.spec("shop").replace("window: P90D", "window: P10D").replace("P8D", "P2D")
                    + "retrain: {probes: P1D, costs: {error: 1, run: 40}}\n";
    private static final Stakes STAKES = new Stakes(1, 40, 0.25, OptionalDouble.empty());

    private List<String> lines = Rows.lines((CAME + 70) * 24, 1);
    private SampleRun run;
    private StateStore store = new InMemoryStateStore();
    private boolean runGoesOn;

    @BeforeEach
    void begin() {
        begin(SPEC, lines);
    }

    private void begin(String spec, List<String> all) {
        lines = all;
        run = new SampleRun(spec, csv(CAME - LEARNED, CAME));
        run.artifacts()
                .replace(
                        Keys.spec(SampleRun.PIPELINE),
                        spec.getBytes(StandardCharsets.UTF_8),
                        "application/yaml");
        store = new InMemoryStateStore();
        champion("first", run.snapshot(), SampleRun.STARTED);
    }

    /** Labels turn on day 15 and turn back on day 40, in the look's count. */
    private void beginTurning(String spec) {
        begin(spec, Rows.turned(lines, (CAME + 15) * 24, (CAME + 40) * 24).lines().toList());
    }

    /** A second champion of these days' rows, which comes an hour after the last one's look. */
    private void second(int fromDay, int toDay) {
        champion(
                "second",
                retrieve(Optional.of(day(fromDay)), day(toDay)).orElseThrow(),
                day(toDay).plusSeconds(3_600));
    }

    /** As a run would register and promote it. */
    private void champion(String name, SnapshotRef rows, Instant at) {
        PipelineSpec spec = run.pipeline();
        Table table = LabelledRows.of(spec, Snapshots.table(run.artifacts(), rows, spec.schema()));
        ArtifactRef file = run.put(name + ".onnx", ProbeTrainer.train(spec, table));
        int version =
                run.registry()
                        .register(
                                SampleRun.PIPELINE,
                                name,
                                number ->
                                        new ModelVersion(
                                                SampleRun.PIPELINE,
                                                number,
                                                name,
                                                at,
                                                file,
                                                Optional.empty(),
                                                file,
                                                file,
                                                file,
                                                run.spec(),
                                                rows,
                                                Map.of()))
                        .version();
        point(version, at, name);
    }

    /**
     * Moves the alias.
     *
     * @param by a run; empty: a person
     */
    private void point(int version, Instant at, String by) {
        int revision =
                run.registry()
                        .alias(SampleRun.PIPELINE, Alias.CHAMPION)
                        .map(Alias::revision)
                        .orElse(0);
        run.registry()
                .point(SampleRun.PIPELINE, Alias.CHAMPION, version, revision, at, "test", by, "");
    }

    private String csv(int fromDay, int toDay) {
        return Rows.HEADER
                + "\n"
                + String.join("\n", lines.subList(1 + fromDay * 24, 1 + toDay * 24))
                + "\n";
    }

    /** What the retrieve step would write; empty where there is no row. */
    private Optional<SnapshotRef> retrieve(Optional<Instant> since, Instant until) {
        Instant from = since.orElse(until.minus(Duration.ofDays(LEARNED)));
        List<String> chosen =
                lines.stream()
                        .skip(1)
                        .filter(line -> {
                            Instant at = Instant.parse(line.substring(0, line.indexOf(',')));
                            return !at.isBefore(from) && at.isBefore(until);
                        })
                        .toList();
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        byte[] csv =
                (Rows.HEADER + "\n" + String.join("\n", chosen) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        ArtifactRef data =
                run.artifacts().put(Keys.snapshot(Digest.of(csv), "data.csv"), csv, "text/csv");
        byte[] manifest =
                Json.write(
                        new SnapshotManifest(
                                SampleRun.PIPELINE,
                                run.spec().sha256(),
                                from,
                                until,
                                List.of(),
                                chosen.size(),
                                0,
                                0,
                                0,
                                List.of(),
                                Map.of(),
                                Optional.empty(),
                                List.of(),
                                Digest.of(csv)));
        return Optional.of(
                new SnapshotRef(
                        run.artifacts()
                                .put(
                                        Keys.snapshot(Digest.of(manifest), "manifest.json"),
                                        manifest,
                                        "application/json"),
                        data,
                        chosen.size()));
    }

    private static Instant day(int day) {
        return FIRST_LOOK.plus(Duration.ofDays(day));
    }

    private Probe.Output call(Instant until, Optional<Probe.Rows> rows) {
        return new ProbeStep(run.artifacts(), run.registry(), store)
                .apply(
                        new Probe.Input(
                                "probe-" + until.getEpochSecond(),
                                SampleRun.PIPELINE,
                                until,
                                STAKES,
                                Optional.empty(),
                                runGoesOn,
                                rows));
    }

    /** As the state machine goes about it. */
    private Probe.Output look(int day) {
        Probe.Output output = call(day(day), Optional.empty());
        while (output.wants().isPresent()) {
            Optional<Instant> since = output.wants().get().since();
            output =
                    call(
                            day(day),
                            Optional.of(
                                    new Probe.Rows(
                                            since,
                                            retrieve(since, day(day)),
                                            Optional.of(run.spec()))));
        }
        return output;
    }

    private ProbeLog log() {
        return ProbeLog.stored(
                run.artifacts(), store.present(SampleRun.PIPELINE).orElseThrow().state());
    }

    private ProbedWorth worth() {
        return ProbedWorth.of(new LoggedEvidence(log(), STAKES, Optional.empty(), _ -> false));
    }

    private static OptionalInt first(IntStream days, IntPredicate that) {
        return days.filter(that).findFirst();
    }

    @Test
    void conceptThatTurns_paysForARunOnceAFreshModelKnowsIt_andTheFormerChampionComesBackWithIt() {
        beginTurning(SPEC);
        assertEquals(
                OptionalInt.empty(),
                first(
                        IntStream.range(0, 15),
                        day -> look(day).bringsBack().isPresent() || look(day).pays()));
        assertTrue(log().course().probes().size() >= 4, log().course()::toString);

        int pays = first(IntStream.range(15, 30), day -> look(day).pays()).orElseThrow();
        // A model that is trained on ten days knows the new concept after five of them.
        assertTrue(pays >= 20 && pays <= 25, "day " + pays);
        assertTrue(worth().lostUsd() >= 40, worth()::words);

        second(16, pays);
        assertEquals(
                OptionalInt.empty(),
                first(
                        IntStream.range(pays + 1, 40),
                        day -> look(day).bringsBack().isPresent() || look(day).pays()));
        assertEquals(2, log().version());

        int returned =
                first(IntStream.range(40, 60), day -> look(day).bringsBack().isPresent())
                        .orElseThrow();
        assertTrue(returned <= 45, "day " + returned);
        assertEquals(2, log().version(), "until the alias points to it");
        assertTrue(look(returned).bringsBack().isPresent(), "a step that is tried again");
        point(1, day(returned).plusSeconds(60), "probe-" + returned);
        assertEquals(Optional.empty(), look(returned).bringsBack());
        assertEquals(1, log().version());

        Probe.Output last = look(returned + 1);
        JsonNode report = newestReport();
        String page = read(report.path("page").path("key").asString());
        assertEquals(last.says(), report.path("says").asString());
        for (String part :
                List.of(
                        last.says(),
                        "model of a run",
                        "former model",
                        "<tr class=chosen><td class='text '>1</td>")) {
            assertTrue(page.contains(part), page);
        }
        assertFalse(page.contains("NaN"), page);
    }

    private JsonNode newestReport() {
        long revision = store.present(SampleRun.PIPELINE).orElseThrow().revision();
        String prefix = Keys.probes(SampleRun.PIPELINE, "reports/%d-".formatted(revision));
        String key = run.artifacts().list(prefix).getFirst().key();
        return Json.tree(key, read(key).getBytes(StandardCharsets.UTF_8));
    }

    private String read(String key) {
        return new String(run.artifacts().current(key).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsBroughtBack_isAskedForWithTheAliasThatWasComparedWith() {
        beginTurning(SPEC);
        IntStream.range(0, 20).forEach(this::look);
        second(16, 20);

        Probe.Output output =
                IntStream.range(21, 60)
                        .mapToObj(this::look)
                        .filter(each -> each.bringsBack().isPresent())
                        .findFirst()
                        .orElseThrow();

        assertEquals(Optional.of(new Probe.Former(1, 2)), output.bringsBack());
        assertTrue(
                output.says().startsWith("former version 1 loses less than version 2"),
                output.says());
    }

    /** A person left it, or has to be asked: then nothing comes back by itself. */
    @Test
    void formerChampion_thatAPersonLeft_staysAway() {
        beginTurning(SPEC);
        IntStream.range(0, 20).forEach(this::look);
        second(16, 20);
        point(1, day(20).plusSeconds(4_000), "");
        point(2, day(20).plusSeconds(4_100), "");

        assertTrue(
                IntStream.range(21, 50)
                        .mapToObj(this::look)
                        .allMatch(each -> each.bringsBack().isEmpty()));
    }

    @Test
    void whereSomebodyDecides_nothingComesBackByItself() {
        beginTurning(SPEC + "promotion: {mode: approval}\n");
        IntStream.range(0, 20).forEach(this::look);
        second(16, 20);

        assertTrue(
                IntStream.range(21, 50)
                        .mapToObj(this::look)
                        .allMatch(each -> each.bringsBack().isEmpty()));
    }

    @Test
    void whereNothingMoves_noRunPays_andProbesAreRare() {
        assertEquals(
                OptionalInt.empty(),
                first(
                        IntStream.range(0, 40),
                        day -> look(day).bringsBack().isPresent() || look(day).pays()));

        assertTrue(log().course().probes().size() <= 15, log().course().probes()::toString);
        assertEquals(40, log().course().period() + 1);
        assertEquals(
                Set.of(24),
                log().periods().stream().map(ProbeLog.Period::rows).collect(Collectors.toSet()));
    }

    /** It may be better than all of them: nothing is known of it before its first whole period. */
    @Test
    void championThatCameWithinThePeriod_isLeftAlone() {
        beginTurning(SPEC);
        IntStream.range(0, 30).forEach(this::look);
        assertTrue(look(30).pays());
        champion(
                "second",
                retrieve(Optional.of(day(26)), day(30)).orElseThrow(),
                day(30).plusSeconds(900));

        Probe.Output output = call(day(30).plusSeconds(3_600), Optional.empty());

        assertFalse(output.pays());
        assertEquals(Optional.empty(), output.bringsBack());
        assertTrue(output.says().startsWith("version 2 came in the period"), output.says());
        look(31);
        assertEquals(2, log().version());
    }

    @Test
    void runThatGoesOn_keepsTheChampionThatItComparesWith() {
        beginTurning(SPEC);
        IntStream.range(0, 20).forEach(this::look);
        second(16, 20);
        int back =
                first(IntStream.range(21, 60), day -> look(day).bringsBack().isPresent())
                        .orElseThrow();
        runGoesOn = true;

        assertEquals(Optional.empty(), look(back).bringsBack());
    }

    /** A probe that knew the rows that it is compared on would look too fresh. */
    @Test
    void probesOfALateLook_learnFromWhatLiesBeforeThePeriod() {
        look(0);
        Optional<Instant> since = Optional.empty();
        Instant late = day(1).plus(Duration.ofHours(23));
        call(late, Optional.empty());

        call(
                late,
                Optional.of(new Probe.Rows(since, retrieve(since, late), Optional.of(run.spec()))));

        Table table =
                Snapshots.table(
                        run.artifacts(),
                        retrieve(Optional.of(late.minus(Duration.ofDays(LEARNED))), day(1))
                                .orElseThrow(),
                        run.pipeline().schema());
        assertEquals(
                Digest.of(ProbeTrainer.train(run.pipeline(), table)),
                log().probes().get(1).sha256());
    }

    @Test
    void championOfLongAgo_isComparedAtOnceOnWhatItHasMissed() {
        store = new InMemoryStateStore();

        IntStream.range(20, 24).forEach(this::look);

        assertEquals(23, log().course().period());
        assertEquals(23, log().periods().size());
        assertTrue(log().periods().stream().allMatch(period -> period.rows() > 0));
    }

    /** Its rows were never in this log, and what is in it is newer. */
    @Test
    void personWhoGoesBackToAVersionFromBefore_beginsANewLog() {
        champion("second", retrieve(Optional.empty(), day(5)).orElseThrow(), day(5));
        IntStream.range(6, 12).forEach(this::look);
        assertEquals(
                List.of(2),
                log().champions().values().stream().map(ProbeLog.Champion::version).toList());
        point(1, day(11).plusSeconds(60), "");

        look(12);

        assertEquals(1, log().version());
        assertEquals(12, log().course().period(), "it is as old as it is");
    }

    @Test
    void rowsThatNoProbeCanLearnFrom_areSaid_andTheLookGoesOn() {
        begin(
                SPEC,
                IntStream.range(0, lines.size())
                        .mapToObj(row ->
                                row > (CAME + 3) * 24
                                        ? lines.get(row).replaceAll(",(yes|no)$", ",no")
                                        : lines.get(row))
                        .toList());

        Probe.Output last =
                IntStream.range(0, 16).mapToObj(this::look).reduce((_, next) -> next).orElseThrow();

        assertTrue(last.says().contains("no probe can be trained: "), last.says());
        assertEquals(15, log().periods().size());
    }

    @Test
    void secondLookWithinAPeriod_findsNothingNew() {
        IntStream.range(0, 3).forEach(this::look);
        StateStore.Present before = store.present(SampleRun.PIPELINE).orElseThrow();

        Probe.Output again = call(day(2).plusSeconds(3_600), Optional.empty());

        assertEquals(Optional.empty(), again.wants());
        assertEquals(before, store.present(SampleRun.PIPELINE).orElseThrow());
    }

    @Test
    void labelsThatTakeTime_areComparedOnceTheyAreThere_andDaysWithoutRowsTellNothing() {
        begin(
                SPEC.replace("positive: \"yes\"}", "positive: \"yes\", delay: P2D}"),
                lines.stream()
                        .filter(line -> line.startsWith("at") || !line.startsWith("2026-03-12"))
                        .toList());
        IntStream.range(0, 6).forEach(this::look);

        assertEquals(5, log().course().period());
        assertEquals(3, log().periods().size());
        assertEquals(
                List.of(24, 23, 1), log().periods().stream().map(ProbeLog.Period::rows).toList());
    }

    @Test
    void storeWithoutARowSince_isNoError() {
        begin(SPEC, lines.subList(0, 1 + CAME * 24));

        IntStream.range(0, 4).forEach(this::look);

        assertEquals(List.of(), log().periods(), "they may come later");
        assertTrue(look(4).says().contains("would have saved 0.00 USD"), look(4).says());
    }

    @Test
    void regression_missingValues_andUnseenCategories_areCompared() {
        begin(
                SPEC.replace("task: binary", "task: regression")
                        .replace(
                                "label: {column: bought, positive: \"yes\"}",
                                "label: {column: size}")
                        .replaceAll("  - \\{name: size.*\\n", "")
                        .replace("{metric: auc, min: 0.6}", "{metric: mae, max: 9}"),
                lines.stream().map(line -> line.replace(",west,", ",east,")).toList());
        IntStream.range(0, 3).forEach(this::look);

        ProbeLog.Period period = log().periods().getLast();
        assertTrue(period.rows() > 15 && period.rows() < 24, "some have no size");
        assertTrue(period.champions().get(0) > 0.1, period::toString);
    }

    /** Its rows are errors of every model, and no reason to stop. */
    @Test
    void classThatAModelNeverSaw_isOneThatItGetsWrong() {
        String spec =
                SPEC.replace("task: binary", "task: multiclass")
                        .replace(
                                "label: {column: bought, positive: \"yes\"}",
                                "label: {column: bought}")
                        .replace("{metric: auc, min: 0.6}", "{metric: accuracy, min: 0}");
        begin(
                spec,
                IntStream.range(0, lines.size())
                        .mapToObj(row ->
                                row > CAME * 24
                                        ? lines.get(row).replaceAll(",(yes|no)$", ",maybe")
                                        : lines.get(row))
                        .toList());

        look(0);
        look(1);

        assertEquals(1, log().periods().getFirst().champions().get(0));
        assertEquals(1, log().periods().getFirst().probes().get(0));
    }

    @Test
    void anotherLookThatWasFaster_winsAndNothingIsLost() {
        look(0);
        StateStore kept = store;
        store =
                new StateStore() {
                    @Override
                    public Optional<Present> present(String pipeline) {
                        return kept.present(pipeline);
                    }

                    @Override
                    public boolean replace(String pipeline, Present next) {
                        return false;
                    }
                };

        Probe.Output late = look(1);

        assertTrue(late.says().contains("another look was faster"), late.says());
        assertEquals(Optional.empty(), late.wants());
        store = kept;
        assertEquals(0, log().periods().size());
    }

    @Test
    void pipelineWithoutChampion_orWithoutProbes_hasNothingToCompare() {
        run = new SampleRun(SPEC, csv(0, 10));
        assertEquals("there is no champion yet", look(0).says());

        begin(Rows.spec("shop"), lines);
        assertEquals("the spec has no retrain.probes", look(0).says());
        assertEquals(Optional.empty(), store.present(SampleRun.PIPELINE));
    }

    @Test
    void probes_takeOrLeaveARowAlike_whicheverOthersThereAre() {
        long[] moments =
                IntStream.range(0, 9_000).mapToLong(row -> row / 3 * 60_000_000L).toArray();

        int[] all = ProbeTrainer.chosen(moments);
        int[] later = ProbeTrainer.chosen(Arrays.copyOfRange(moments, 3_000, 9_000));

        assertEquals(0.3, all.length / 9_000.0, 0.02);
        assertEquals(
                Arrays.stream(all).filter(row -> row >= 3_000).boxed().toList(),
                Arrays.stream(later).map(row -> row + 3_000).boxed().toList());
        assertEquals(700, ProbeTrainer.chosen(Arrays.copyOf(moments, 700)).length);
        assertFalse(ProbeTrainer.chosen(Arrays.copyOf(moments, 2_000)).length < 900);
    }
}

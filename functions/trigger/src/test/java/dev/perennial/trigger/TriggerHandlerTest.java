package dev.perennial.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.Failures;
import dev.perennial.aws.MissingSpecException;
import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.PackedJson;
import dev.perennial.core.registry.InMemoryModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.retrain.ProbeLog;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.InMemoryStateStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.trigger.EventNotSentException;
import dev.perennial.core.trigger.InMemoryDecisionLog;
import dev.perennial.core.trigger.RunStarter;
import dev.perennial.core.trigger.Trigger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TriggerHandlerTest {
    private static final String ALARM =
            "{'id':'%s','source':'aws.cloudwatch','detail-type':'CloudWatch Alarm State Change','detail':{'alarmName':'ErrorDriftAlarm',"
                    + "'state':{'value':'%s','reason':'1.7 is over 1','timestamp':'2026-03-01T12:00:00.000+0000'},"
                    + "'configuration':{'metrics':[{'metricStat':{'metric':{'name':'%s'}}}]}}}";

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final Map<String, String> started = new LinkedHashMap<>();
    private final RunStarter runs =
            new RunStarter() {
                @Override
                public void start(String run, String input) {
                    started.put(run, input);
                }

                @Override
                public boolean isRunning(String run) {
                    return false;
                }
            };
    private final List<JsonNode> events = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final InMemoryStateStore looks = new InMemoryStateStore();
    private final InMemoryStateStore probes = new InMemoryStateStore();
    private boolean busIsDown;
    private final InMemoryModelRegistry registry = new InMemoryModelRegistry();
    private final InMemoryDecisionLog decisions = new InMemoryDecisionLog();
    private final TriggerHandler handler = handler("shop");

    private TriggerHandler handler(String pipeline) {
        NewestLook reports = new NewestLook(looks, artifacts);
        return new TriggerHandler(
                artifacts,
                pipeline,
                new Trigger(
                        decisions,
                        registry,
                        runs,
                        new Weighing(artifacts, registry, probes, reports),
                        TriggerHandler::input),
                new DriftNews(
                        decisions,
                        reports,
                        "store",
                        this::take,
                        new Failures(pipeline, new EmbeddedMetrics(metrics::add), problems::add)),
                new Probing(registry, decisions, runs, reports));
    }

    private void take(String type, Object detail) {
        if (busIsDown) {
            throw new EventNotSentException(type, "it is down", new IOException("down"));
        }
        assertEquals(DriftNews.TYPE, type);
        events.add(Json.toTree(detail));
    }

    private ArtifactRef report(String name) {
        return report(name, "{}");
    }

    private ArtifactRef report(String name, String json) {
        return artifacts.put(
                Keys.monitor("shop", "reports/" + name),
                json.getBytes(StandardCharsets.UTF_8),
                "application/json");
    }

    /** A hundred errors a day at 0.1 USD, against a run of 25. */
    @Test
    void costsInTheSpec_weighEachRun_byTheNewestLook_untilOneIsOverdue() {
        spec("costs: {error: 0.1, run: 25}");
        String tick =
                "{'trigger':'schedule','time':'2026-03-0%d-T02:00:00Z','delivery':'execution-%1$d'}"
                        .replace("-T", "T");
        String loss =
                "{\"loss\":{\"excess\":0.05,\"days\":[{\"day\":\"2026-03-01\",\"answers\":2000,\"lost\":%d}],\"labelled\":9000}}";
        ArtifactRef state = report("1-a.json", loss.formatted(200));
        looks.replace("shop", new StateStore.Present(1, state));
        JsonNode early = decide(tick.formatted(1));
        report("2-b.json", loss.formatted(300));
        looks.replace("shop", new StateStore.Present(2, state));
        JsonNode due = decide(tick.formatted(2));

        assertFalse(early.has("run"));
        assertEquals(
                "it isn't worth it yet: the live model loses 10.00 USD a day more than a fresh one (0.0500 per answer, 2,000 answers a day), 20.00 USD since it began to; a run costs 25.00 USD",
                early.get("reason").asString());
        assertTrue(due.has("run"));
        assertTrue(
                due.get("reason").asString().contains("30.00 USD since it began to"),
                due::toString);

        report("3-c.json", loss.formatted(200));
        looks.replace("shop", new StateStore.Present(3, state));
        spec("costs: {error: 0.1, run: 25}, maxAge: P3D");
        JsonNode young = decide(tick.formatted(4));
        JsonNode old = decide(tick.formatted(5));

        assertFalse(young.has("run"), young::toString);
        assertTrue(
                old.get("reason")
                        .asString()
                        .startsWith(
                                "the schedule, as the last run started at 2026-03-02T02:00:00Z; the live model loses"),
                old::toString);

        registry.record(
                new RunRecord(
                        "shop",
                        "by-hand",
                        RunStatus.PROMOTED,
                        Instant.parse("2026-03-07T02:00:00Z"),
                        OptionalInt.empty(),
                        "",
                        Optional.empty(),
                        0));
        JsonNode afterThatByHand = decide(tick.formatted(9));
        assertFalse(afterThatByHand.has("run"), afterThatByHand::toString);
    }

    private void spec(String retrain) {
        artifacts.replace(
                Keys.spec("shop"),
                (Rows.spec("shop") + "retrain: {%s}\n".formatted(retrain))
                        .getBytes(StandardCharsets.UTF_8),
                "application/yaml");
    }

    /** Whoever isn't champion already, up to this one. */
    private void champion(int versions) {
        ArtifactRef file = report("model-%d.json".formatted(versions));
        for (int version = registry.versions("shop").size() + 1; version <= versions; version++) {
            String run = "run-" + version;
            registry.register(
                    "shop",
                    run,
                    number ->
                            new ModelVersion(
                                    "shop",
                                    number,
                                    run,
                                    Instant.EPOCH,
                                    file,
                                    Optional.empty(),
                                    file,
                                    file,
                                    file,
                                    file,
                                    new SnapshotRef(file, file, 1),
                                    Map.of()));
            registry.point(
                    "shop", "champion", version, version - 1, Instant.EPOCH, "test", run, "");
        }
    }

    /**
     * Ten days, in which the champion loses a fifth more than each day's probe, on 100 rows a day.
     */
    private ProbeLog probed() {
        ArtifactRef file = report("probe.json");
        ProbeLog.Champion champion = new ProbeLog.Champion(1, Instant.EPOCH);
        ProbeLog log =
                ProbeLog.begin(
                        Instant.parse("2026-02-19T01:00:00Z"),
                        Duration.ofDays(1),
                        champion,
                        Instant.parse("2026-02-19T01:00:00Z"),
                        file);
        for (int day = 1; day <= 10; day++) {
            log = log.reach(day, champion, _ -> file);
            TreeMap<Integer, double[]> losses = new TreeMap<>();
            for (int probe = 0; probe < day; probe++) {
                double[] errors = new double[100];
                Arrays.fill(errors, 0, probe == day - 1 ? 10 : 30, 1);
                losses.put(probe, errors);
            }
            log =
                    log.with(
                                    ProbeLog.Period.of(
                                            new TreeMap<>(Map.of(0, losses.get(0))),
                                            losses,
                                            OptionalDouble.of(1)))
                            .probed(file);
        }
        return log;
    }

    private void keep(ProbeLog log) {
        byte[] packed = PackedJson.write(log);
        probes.replace(
                "shop",
                new StateStore.Present(
                        1,
                        artifacts.put(
                                Keys.probes("shop", "1.json.gz"), packed, PackedJson.MEDIA_TYPE)));
    }

    @Test
    void probes_weighEachRun_whereTheyKnowTheChampion() {
        String tick = "{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'%s'}";
        champion(1);
        keep(probed());

        spec("probes: P1D, costs: {error: 0.1, run: 25}");
        String dear = decide(tick.formatted("a")).get("reason").asString();
        spec("probes: P1D, costs: {error: 0.1, run: 5}");
        JsonNode due = decide(tick.formatted("b").replace("02:00", "02:01"));

        assertTrue(
                dear.matches(
                        "it isn't worth it yet: probes say that fresh models would have saved 1\\d\\.\\d\\d USD since the last run \\(labels up to 2026-03-01T01:00:00Z\\); a run costs 25.00 USD"),
                dear);
        assertTrue(due.has("run"), due::toString);
    }

    @Test
    void lookThatFindsARunWorthIt_startsOne_onceHoweverOftenItIsDelivered() {
        champion(1);
        keep(probed());
        spec("on: [worth], probes: P1D, costs: {error: 0.1, run: 5}");
        String aged =
                "{'id':'%s','source':'perennial','detail-type':'perennial.model.aged','detail':{'pipeline':'shop','run':'probe-7','until':'2026-03-01T01:00:00Z','reason':'it pays'}}";

        JsonNode decision = decide(aged.formatted("a"));
        JsonNode copy = decide(aged.formatted("b"));

        assertTrue(decision.get("run").asString().startsWith("worth-20260301T010000Z-"));
        assertTrue(
                decision.get("reason").asString().startsWith("a look at the probes; probes say"),
                decision::toString);
        assertTrue(copy.get("reason").asString().startsWith("a copy of the event"));
        assertEquals(1, started.size());
        champion(2);
        assertTrue(
                decide(aged.replace("probe-7", "probe-9").replace("03-01", "03-02").formatted("d"))
                        .get("reason")
                        .asString()
                        .contains("the probes don't know the champion that serves now"));
        spec("on: [schedule], probes: P1D, costs: {error: 0.1, run: 5}");
        assertTrue(
                decide(aged.replace("probe-7", "probe-8").replace("03-01", "03-08").formatted("c"))
                        .get("reason")
                        .asString()
                        .contains("retrain.on has schedule"));
    }

    @Test
    void championThatProbesDontKnowYet_isWeighedByItsOwnErrors() {
        champion(2);
        keep(probed());
        spec("probes: P1D, costs: {error: 0.1, run: 25}");
        ArtifactRef look =
                report(
                        "1-a.json",
                        "{\"loss\":{\"excess\":0.05,\"days\":[{\"day\":\"2026-03-01\",\"answers\":2000,\"lost\":200}],\"labelled\":9000}}");
        looks.replace("shop", new StateStore.Present(1, look));

        String reason =
                decide("{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'a'}")
                        .get("reason")
                        .asString();

        assertTrue(reason.contains("the live model loses 10.00 USD a day"), reason);
    }

    @Test
    void probesTick_startsALook_withWhatItIsWeighedBy() {
        spec("probes: P1D, costs: {error: 0.1, run: 25}");
        String tick = "{'trigger':'probes','time':'2026-03-02T01:00:00Z'}";
        assertEquals("there is no champion yet", decide(tick).get("reason").asString());
        champion(1);
        registry.record(
                new RunRecord(
                        "shop",
                        "run-1",
                        RunStatus.PROMOTED,
                        Instant.EPOCH,
                        OptionalInt.of(1),
                        "",
                        Optional.empty(),
                        0.04));
        decide(
                "{'trigger':'person','time':'2026-02-28T05:00:00Z','token':'t','who':'Ada','why':'a fix'}");
        started.clear();

        JsonNode answer = decide(tick);
        decide(tick);

        assertEquals("probe-20260302T010000Z", answer.get("execution").asString());
        assertEquals(
                Map.of(
                        "probe-20260302T010000Z",
                        "{\"until\":\"2026-03-02T01:00:00Z\",\"trigger\":\"the probes' schedule\",\"probe\":{\"stakes\":{\"errorUsd\":0.1,\"runUsd\":25.04,\"probeUsd\":0.01},\"lastRun\":\"2026-02-28T05:00:00Z\",\"runGoesOn\":false}}"),
                started);
        assertEquals(1, decisions.latest("shop", 9).size(), "it is no run");
        spec("costs: {error: 0.1, run: 25}");
        assertEquals("the spec has no retrain.probes", decide(tick).get("reason").asString());
    }

    @BeforeEach
    void deploy() {
        artifacts.replace(
                Keys.spec("shop"),
                Rows.spec("shop").getBytes(StandardCharsets.UTF_8),
                "application/yaml");
    }

    private JsonNode decide(String event) {
        byte[] json = event.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Json.tree("decision", handler.apply(new ByteArrayInputStream(json)));
    }

    /** No execution goes on here, so one whose record does has ended without a word. */
    @Test
    void runThatEndedWithoutAWord_isClosedByTheNextEvent_andItsSuccessorStarts() {
        String first =
                decide("{'trigger':'schedule','time':'2026-03-01T02:00:00Z'}")
                        .get("run")
                        .asString();
        registry.record(
                new RunRecord(
                        "shop",
                        first,
                        RunStatus.RUNNING,
                        Instant.parse("2026-03-01T02:00:00Z"),
                        OptionalInt.of(3),
                        "",
                        Optional.empty(),
                        0.01));

        assertTrue(decide("{'trigger':'schedule','time':'2026-03-08T02:00:00Z'}").has("run"));

        RunRecord closed = registry.run("shop", first).orElseThrow();
        assertEquals(RunStatus.FAILED, closed.status());
        assertEquals(OptionalInt.of(3), closed.version());
        assertTrue(closed.reason().contains("timed out, was aborted or broke"), closed.reason());
    }

    @Test
    void shippedEvents_areUnderstood() throws IOException {
        Map<String, String> words = new LinkedHashMap<>();
        assertEquals(
                Optional.of(Instant.parse("1997-07-27T01:00:00Z")),
                EventReader.look(
                        Files.readAllBytes(Path.of("..", "..", "events", "trigger-probes.json"))));
        for (String event : List.of("trigger", "trigger-schedule", "trigger-alarm")) {
            byte[] bytes =
                    Files.readAllBytes(Path.of("..", "..", "events").resolve(event + ".json"));
            words.put(event, EventReader.read(bytes).event().words());
        }

        assertEquals("the schedule", words.get("trigger-schedule"));
        assertTrue(words.get("trigger").contains("Ada"), words::toString);
        assertEquals(
                "the alarm perennial-ErrorDriftAlarm-1MHRMJS1JZPRM on ErrorDrift",
                words.get("trigger-alarm"));
    }

    @Test
    void scheduleStartsARun_thatTrainsAsOfItsTime() {
        JsonNode decision =
                decide(
                        "{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'execution-1'}");

        String run = decision.get("run").asString();
        assertTrue(run.startsWith("schedule-20260301T020000Z-"), run);
        assertTrue(started.get(run).contains("\"until\":\"2026-03-01T02:00:00Z\""));
        assertFalse(
                decide(
                                "{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'execution-2'}")
                        .has("run"),
                "a copy");
        assertEquals(1, started.size());
    }

    @Test
    void alarmAsCloudWatchSendsIt_startsARun_ifItsMetricIsACause() {
        assertTrue(decide(ALARM.formatted("e1", "ALARM", "ErrorDrift")).has("run"));

        JsonNode other =
                decide(
                        ALARM.formatted("e2", "ALARM", "Beauty")
                                .replace("ErrorDriftAlarm", "BeautyAlarm"));
        assertTrue(other.get("reason").asString().contains("starts no run"), other::toString);
    }

    @Test
    void drift_isToldWithTheDecisionAndTheNewestLooksReport() {
        report("9-ab.json");
        for (int look = 1; look <= 10; look++) {
            looks.replace("shop", new StateStore.Present(look, report("10-cd.json")));
        }

        String run = decide(ALARM.formatted("e1", "ALARM", "ErrorDrift")).get("run").asString();

        JsonNode told = events.getFirst();
        assertEquals("shop", told.get("pipeline").stringValue());
        assertEquals("ErrorDriftAlarm", told.get("alarm").stringValue());
        assertEquals("ErrorDrift", told.get("metric").stringValue());
        assertEquals("1.7 is over 1", told.get("reason").stringValue());
        assertEquals("2026-03-01T12:00:00Z", told.get("at").stringValue());
        assertEquals(run, told.at("/decision/run").stringValue());
        assertEquals("store", told.at("/report/bucket").stringValue());
        assertEquals("live/shop/monitor/reports/10-cd.json", told.at("/report/key").stringValue());
        assertEquals(
                "s3://store/live/shop/monitor/reports/10-cd.json",
                told.get("reportUri").stringValue());
    }

    @Test
    void driftThatStartsNoRun_isToldToo_withTheReason() {
        decide(ALARM.formatted("e1", "ALARM", "FeatureDrift"));

        JsonNode told = events.getFirst();
        assertFalse(told.at("/decision").has("run"));
        assertTrue(
                told.at("/decision/reason").stringValue().contains("starts no run"),
                told::toString);
        assertFalse(told.has("report"), "nobody has looked yet");
        assertEquals(0, started.size());
    }

    @Test
    void copiesOfAnAlarm_areToldOnce() {
        decide(ALARM.formatted("e1", "ALARM", "ErrorDrift"));
        decide(ALARM.formatted("e1", "ALARM", "ErrorDrift"));
        decide(ALARM.formatted("e2", "ALARM", "ErrorDrift"));

        assertEquals(1, events.size());
    }

    @Test
    void alarmThatFlapsEveryMinute_startsOneRun_andEachChangeIsDecidedOn() {
        for (int minute = 0; minute < 60; minute++) {
            String at = "2026-03-01T12:%02d:00.000+0000".formatted(minute);
            JsonNode decision =
                    decide(
                            ALARM.formatted("e" + minute, "ALARM", "ErrorDrift")
                                    .replace("2026-03-01T12:00:00.000+0000", at));
            assertEquals(minute == 0, decision.has("run"), decision::toString);
        }

        assertEquals(1, started.size());
        assertEquals(60, decisions.latest("shop", 100).size());
        assertEquals(60, events.size(), "each is drift that others may want to know of");
    }

    @Test
    void whatIsNoDrift_isNotTold() {
        decide(ALARM.formatted("e1", "ALARM", "NewLabels"));
        decide("{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'a'}");

        assertEquals(List.of(), events);
    }

    @Test
    void busThatIsDown_isCountedAndLogged_andTheDecisionStands() {
        busIsDown = true;

        JsonNode decision = decide(ALARM.formatted("e1", "ALARM", "ErrorDrift"));

        assertTrue(started.containsKey(decision.get("run").asString()));
        assertTrue(metrics.getFirst().contains("\"EventsNotSent\":1.0"), metrics::toString);
        assertEquals(
                "EVENT_NOT_SENT pipeline=shop type=perennial.drift.detected"
                        + " event=alarm/ErrorDriftAlarm/2026-03-01T12:00:00Z:"
                        + " the event bus didn't take perennial.drift.detected: it is down",
                problems.getFirst());
    }

    @Test
    void copyOfAnAlarmThatWasNotTold_tellsWhatWasDecidedThen() {
        busIsDown = true;
        String run = decide(ALARM.formatted("e1", "ALARM", "ErrorDrift")).get("run").asString();
        busIsDown = false;

        decide(ALARM.formatted("e2", "ALARM", "ErrorDrift"));

        assertEquals(run, events.getFirst().at("/decision/run").stringValue());
    }

    @Test
    void personsWish_isNotHeldUpByTheCooldown() {
        decide("{'trigger':'schedule','time':'2026-03-01T02:00:00Z','delivery':'a'}");

        JsonNode decision =
                decide(
                        "{'trigger':'person','time':'2026-03-01T02:01:00Z','token':'t','who':'Ada','why':'a fix came'}");

        assertEquals("a fix came", decision.get("reason").asString());
        assertTrue(decision.get("run").asString().startsWith("person-"));
    }

    @Test
    void anythingElse_isRefusedByName() {
        for (String[] wrong :
                new String[][] {
                    {"{}", "neither the schedule's"},
                    {"{'source':'aws.s3','detail':{}}", "neither the schedule's"},
                    {ALARM.formatted("e", "OK", "ErrorDrift"), "went to OK"},
                    {
                        ALARM.formatted("e", "ALARM", "ErrorDrift").replace("2026-03-01T", "x"),
                        "is no time"
                    },
                }) {
            UnknownEventException refused =
                    assertThrows(UnknownEventException.class, () -> decide(wrong[0]));
            assertTrue(refused.getMessage().contains(wrong[1]), refused.getMessage());
        }
        assertEquals(0, started.size());
    }

    @Test
    void withoutSpec_nothingStarts_andTheMessageSaysWhatIsMissing() {
        TriggerHandler elsewhere = handler("nowhere");

        assertThrows(
                MissingSpecException.class,
                () ->
                        elsewhere.apply(
                                new ByteArrayInputStream(
                                        "{\"trigger\":\"schedule\",\"time\":\"2026-03-01T02:00:00Z\"}"
                                                .getBytes(StandardCharsets.UTF_8))));
    }
}

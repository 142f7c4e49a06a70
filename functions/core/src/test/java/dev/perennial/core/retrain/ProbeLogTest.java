package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.retrain.ProbeLog.Champion;
import dev.perennial.core.retrain.ProbeLog.Period;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProbeLogTest {
    private static final Instant START = Instant.parse("2026-03-01T01:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Champion FIRST = new Champion(1, START.minusSeconds(9_000));

    private final List<Integer> trained = new ArrayList<>();

    private static Instant day(double days) {
        return START.plusSeconds((long) (days * DAY.toSeconds()));
    }

    private static ArtifactRef file(int number) {
        byte[] bytes = {(byte) number};
        return new ArtifactRef(
                "runs/r/probe/%d.onnx".formatted(number), Digest.of(bytes), 1, "application/onnx");
    }

    private ArtifactRef train(int number) {
        trained.add(number);
        return file(number);
    }

    private static ProbeLog begun() {
        return ProbeLog.begin(START, DAY, FIRST, START, file(0));
    }

    private ProbeLog reach(ProbeLog log, int now, Champion champion) {
        return log.reach(now, champion, this::train);
    }

    @Test
    void championThatComesWithinAPeriod_servesItInTheLog_onceItIsOver_andIsProbed() {
        Champion second = new Champion(2, day(3.1));

        ProbeLog going = reach(begun(), 3, second);
        ProbeLog over = reach(going, 4, second);

        assertEquals(List.of(0, 0, 0), going.course().served());
        assertEquals(1, going.version());
        assertEquals(new Course(List.of(0, 3), List.of(0, 0, 0, 3), List.of(0, 3)), over.course());
        assertEquals(2, over.version());
        assertEquals(List.of(3), trained);
        assertEquals(day(3.1), over.comparableFrom(3), "before, it may have learned from");
        assertEquals(day(2), over.comparableFrom(2));
    }

    /** The period has its champion, whose probe stands for no other. */
    @Test
    void championThatComesInTheFirstPeriod_countsFromTheSecond() {
        Champion second = new Champion(2, day(0.5));

        ProbeLog going = reach(begun(), 1, second);
        ProbeLog over = reach(going, 2, second);

        assertEquals(new Course(List.of(0), List.of(0), List.of(0)), going.course());
        assertEquals(new Course(List.of(0, 1), List.of(0, 1), List.of(0, 1)), over.course());
        assertEquals(1, over.version(0));
        assertEquals(2, over.version(1));
        assertEquals(List.of(1), trained);
    }

    /** As old as it is: what it lost since it learned is compared at once. */
    @Test
    void championOfLongAgo_isAsOldAsItIs_butNotOlderThanAHundredPeriods() {
        ProbeLog log = ProbeLog.begin(day(60.5), DAY, FIRST, day(20), file(0));

        assertEquals(40, log.period(day(60.5)));
        assertEquals(40, reach(log, 40, FIRST).course().period());
        Champion later = new Champion(1, day(20.8));
        assertEquals(
                day(20.5),
                ProbeLog.begin(day(60.5), DAY, later, day(20), file(0)).comparableFrom(0),
                "when it came, it knew none of the log's rows");
        assertEquals(100, ProbeLog.begin(day(900), DAY, FIRST, day(0), file(0)).period(day(900)));
        assertEquals(0, ProbeLog.begin(day(1), DAY, FIRST, day(5), file(0)).period(day(1)));
    }

    @Test
    void decisions_goByALogThatIsUpToDate_andOfWhoServes() {
        Period rows =
                Period.of(
                        new TreeMap<>(Map.of(0, new double[10])),
                        new TreeMap<>(Map.of(0, new double[10])),
                        OptionalDouble.of(1));
        ProbeLog silent = reach(begun(), 5, new Champion(2, day(3.1))).with(Period.EMPTY);
        ProbeLog log = silent.with(rows);

        assertFalse(silent.isCurrent(day(5.5)), "no label has told anything");
        assertTrue(log.isCurrent(day(7.5)));
        assertFalse(log.isCurrent(day(8.5)), "looks have stopped");
        assertEquals(Optional.of(1), log.servedBy(1).map(ProbeLog::version));
        assertEquals(Optional.empty(), log.servedBy(3));
    }

    @Test
    void looksThatWereMissed_areMadeUpFor() {
        ProbeLog log = reach(reach(begun(), 2, FIRST), 9, new Champion(2, day(5.5)));

        assertEquals(List.of(0, 0, 0, 0, 0, 5, 5, 5, 5), log.course().served());
    }

    @Test
    void probeOfThePeriodInWhichAChampionCame_standsForIt() {
        ProbeLog log = reach(begun(), 3, FIRST).probed(file(3));

        ProbeLog next = reach(log, 4, new Champion(2, day(3.1)));

        assertEquals(List.of(), trained);
        assertEquals(List.of(0, 3), next.course().probes());
    }

    @Test
    void championThatComesBack_hasItsNumber_whoeverBroughtItBack() {
        ProbeLog two = reach(begun(), 5, new Champion(2, day(3.1)));

        ProbeLog byPerson = reach(two, 8, new Champion(1, day(6.2)));
        ProbeLog byUs = reach(two, 8, new Champion(1, day(5.01)));

        assertEquals(List.of(0, 0, 0, 3, 3, 3, 0, 0), byPerson.course().served());
        assertEquals(List.of(0, 0, 0, 3, 3, 0, 0, 0), byUs.course().served());
        assertEquals(1, byUs.version());
        assertEquals(two.course().models(), byUs.course().models());
    }

    @Test
    void lookThatComesLateOrTwice_changesNothing() {
        ProbeLog log = reach(begun(), 5, FIRST);

        assertEquals(log, reach(log, 5, FIRST));
        assertEquals(log, reach(log, 3, FIRST));
        assertEquals(0, log.labelled(day(-2), Duration.ZERO));
        assertEquals(3, log.labelled(day(5), Duration.ofHours(48)));
        assertEquals(2, log.labelled(day(5), Duration.ofHours(49)));
        assertEquals(5, log.labelled(day(9), Duration.ZERO), "never more than are over");
    }

    @Test
    void otherPeriods_aLongLog_orAChampionFromBeforeIt_beginANewOne() {
        ProbeLog old = reach(begun(), ProbeLog.MOST_PERIODS + 1, FIRST);

        Champion second = new Champion(2, day(1));
        assertTrue(begun().goesOn(DAY, second, () -> day(1)));
        assertFalse(begun().goesOn(DAY.multipliedBy(7), FIRST, () -> START));
        assertFalse(old.goesOn(DAY, FIRST, () -> START));
        assertFalse(
                begun().goesOn(DAY, second, () -> day(-30)), "a person went back to an old one");
        assertTrue(begun().goesOn(DAY, FIRST, () -> day(-30)), "it is in the log");
    }

    @Test
    void errors_areComparedWithTheFreshestProbe_andChampionsWithOneAnother() {
        Period period =
                Period.of(
                        new TreeMap<>(
                                Map.of(0, new double[] {1, 1, 0, 0}, 4, new double[] {1, 0, 0, 0})),
                        new TreeMap<>(
                                Map.of(0, new double[] {1, 1, 1, 0}, 6, new double[] {0, 0, 1, 1})),
                        OptionalDouble.of(1));

        assertEquals(4, period.rows());
        assertEquals(Map.of(0, 0.5, 4, 0.25), period.champions());
        assertEquals(Map.of(0, 0.75, 6, 0.5), period.probes());
        assertEquals(Map.of(0, new Difference(0.25, 3 / 16.0)), period.excess());
        assertEquals(Map.of(0, Map.of(4, new Difference(0.25, 1 / 16.0))), period.beyondLater());
    }

    /** What a row may lose isn't known of a number; where both lose alike, a typical loss is. */
    @Test
    void numbers_areComparedInUnitsOfWhatAFreshProbeLoses() {
        double[] alike = {30, 10};

        Period period =
                Period.of(
                        new TreeMap<>(Map.of(0, alike)),
                        new TreeMap<>(Map.of(0, alike, 1, alike)),
                        OptionalDouble.empty());
        Period perfect =
                Period.of(
                        new TreeMap<>(Map.of(0, new double[2])),
                        new TreeMap<>(Map.of(0, new double[2], 1, new double[2])),
                        OptionalDouble.empty());

        assertEquals(Map.of(0, new Difference(0, 20 * 20 / 4.0)), period.excess());
        assertTrue(perfect.excess().get(0).variance() > 0);
    }

    @Test
    void json_isReadAsItWasWritten_andAnotherFormatIsRefused() {
        ProbeLog log =
                reach(begun(), 2, FIRST)
                        .probed(file(2))
                        .with(
                                Period.of(
                                        new TreeMap<>(Map.of(0, new double[] {0.1, 1.0 / 3})),
                                        new TreeMap<>(Map.of(0, new double[] {0.7, 0.1})),
                                        OptionalDouble.of(1)))
                        .with(Period.EMPTY);
        byte[] json = Json.write(log);

        assertEquals(log, ProbeLog.read(json));
        String newer =
                new String(json, StandardCharsets.UTF_8).replace("\"format\":1", "\"format\":2");
        assertTrue(
                assertThrows(
                                UnknownLogFormatException.class,
                                () -> ProbeLog.read(newer.getBytes(StandardCharsets.UTF_8)))
                        .getMessage()
                        .contains("has format 2, and this factory reads 1"));
    }

    private static LoggedEvidence evidence(ProbeLog log, Optional<Instant> lastRun) {
        return new LoggedEvidence(
                log, new Stakes(0.5, 20, 0.1, OptionalDouble.of(400)), lastRun, _ -> true);
    }

    @Test
    void losses_areWeighedByTheTraffic_andByLabelledRowsWhereNoneIsKnown() {
        Period rows =
                Period.of(
                        new TreeMap<>(Map.of(0, new double[10])),
                        new TreeMap<>(Map.of(0, new double[10])),
                        OptionalDouble.of(1));
        ProbeLog log = reach(begun(), 2, FIRST).with(rows).with(Period.EMPTY);

        assertEquals(20 / (0.5 * 400), evidence(log, Optional.empty()).price(), 1e-15);
        assertEquals(0.1 / (0.5 * 400), evidence(log, Optional.empty()).probePrice(), 1e-15);
        Stakes byRows = new Stakes(0.5, 20, 0.1, OptionalDouble.empty());
        assertEquals(
                20 / (0.5 * 10),
                new LoggedEvidence(log, byRows, Optional.empty(), _ -> true).price(),
                1e-15);
    }

    @Test
    void runThatCameToNothing_isPaidForAllTheSame() {
        ProbeLog log = reach(begun(), 9, new Champion(2, day(3.1)));

        assertEquals(3, evidence(log, Optional.empty()).paid());
        assertEquals(4, evidence(log, Optional.of(day(3.05))).paid(), "nothing is lost at age 0");
        assertEquals(8, evidence(log, Optional.of(day(7.5))).paid());
        assertEquals(10, evidence(log, Optional.of(day(9.5))).paid(), "in the one that begins");
        assertEquals(3, evidence(log, Optional.of(day(-50))).paid());
    }
}

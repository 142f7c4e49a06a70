package dev.perennial.core.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.Samples;
import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.evaluation.SliceErrors;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.live.CapturedRows;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class MonitorTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final List<String> CLASSES = List.of("no", "yes");
    private static final int PER_DAY = 200;
    private static final RankScores NO_PAIRS =
            RankScores.of(new TableProfile(0, List.of(), List.of(), List.of()), List.of());

    private final PipelineSpec spec =
            Samples.spec(Task.BINARY, List.of(), CLASSES, Duration.ofDays(1), List.of());
    private final Random random = new Random(3);

    /** Rows as callers ask them: x normal around {@code centre}. */
    private Table rows(int count, double centre) {
        double[] x = new double[count];
        Arrays.setAll(x, _ -> Math.clamp(centre + 10 * random.nextGaussian(), 0, 100));
        List<String> kinds = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            kinds.add(random.nextBoolean() ? "a" : "b");
        }
        return new Table(List.of(new NumberColumn("x", x), CategoryColumn.of("kind", kinds)));
    }

    private Monitor.Champion champion(int version, Instant since) {
        return champion(version, since, OptionalDouble.empty());
    }

    private Monitor.Champion champion(int version, Instant since, OptionalDouble expectedError) {
        return new Monitor.Champion(
                new Reference(
                        version,
                        since,
                        Map.of(),
                        PairProfile.of(NO_PAIRS, rows(1, 50)),
                        List.of(),
                        Map.of(),
                        expectedError.isPresent() ? 2 : 0.2,
                        expectedError,
                        2_000,
                        0.16,
                        PER_DAY),
                version,
                TableProfile.of(rows(5_000, 50)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static void predict(
            Monitor monitor, PipelineSpec spec, Table rows, int version, Instant at, String name) {
        List<String> ids = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            ids.add(name + row);
        }
        predict(monitor, spec, rows, version, at, ids, Optional.empty());
    }

    /** Of the champion; each row is "yes" with 0.7. */
    private static void predict(
            Monitor monitor,
            PipelineSpec spec,
            Table rows,
            int version,
            Instant at,
            List<String> ids,
            Optional<Slices> slices) {
        double[][] predicted = new double[rows.rows()][];
        Arrays.setAll(predicted, _ -> new double[] {0.3, 0.7});
        monitor.predictions(
                CapturedRows.of(spec, rows)
                        .madeBy(
                                version,
                                Collections.nCopies(rows.rows(), Role.CHAMPION),
                                LiveColumns.entity(spec, rows),
                                at)
                        .answered(ids, CLASSES, predicted, Optional.empty()),
                new Monitor.Version(version, spec.features(), NO_PAIRS, CLASSES, slices));
    }

    /** Labels of such predictions, of which a share is wrong; all of them are predicted "yes". */
    private void label(Monitor monitor, int count, double wrong, Instant at, String name) {
        List<String> ids = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            ids.add(name + row);
            labels.add(random.nextDouble() < wrong ? "no" : "yes");
        }
        label(monitor, ids, labels, at);
    }

    private static void label(Monitor monitor, List<String> ids, List<String> labels, Instant at) {
        long[] moments = new long[ids.size()];
        Arrays.fill(moments, EventTime.micros(at));
        monitor.labels(
                new Table(
                        List.of(
                                CategoryColumn.of(LiveColumns.ID, ids),
                                CategoryColumn.of(
                                        LiveColumns.ENTITY, Collections.nCopies(ids.size(), "")),
                                new TimeColumn(LiveColumns.TIME, moments),
                                new TimeColumn(LiveColumns.AT, moments),
                                CategoryColumn.of(LiveColumns.LABEL, labels))));
    }

    /** Each answer expects to be off by 2, and is off by 3 once labels come. */
    @Test
    void regression_estimatesItsErrorBeforeLabelsCome_andIsDoubtedByThem() {
        PipelineSpec prices =
                Samples.spec(Task.REGRESSION, List.of(), List.of(), Duration.ofDays(1), List.of());
        Monitor.Champion champion = champion(1, START, OptionalDouble.of(2));
        Monitor monitor = new Monitor(prices, MonitorState.NONE);
        Table rows = rows(PER_DAY, 50);
        double[][] predicted = new double[PER_DAY][];
        Arrays.setAll(predicted, row -> new double[] {row});
        double[] expected = new double[PER_DAY];
        Arrays.fill(expected, 2);
        List<String> ids = IntStream.range(0, PER_DAY).mapToObj(row -> "a" + row).toList();
        monitor.predictions(
                CapturedRows.of(prices, rows)
                        .madeBy(
                                1,
                                Collections.nCopies(PER_DAY, Role.CHAMPION),
                                LiveColumns.entity(prices, rows),
                                START)
                        .answered(ids, List.of(), predicted, Optional.of(expected)),
                new Monitor.Version(1, prices.features(), NO_PAIRS, List.of(), Optional.empty()));
        Instant later = START.plus(Duration.ofHours(1));

        Look unlabelled = monitor.look(later, 1, false, Optional.of(champion), Optional.empty());

        ErrorEstimate estimate = unlabelled.estimate().orElseThrow();
        assertEquals(2, estimate.error(), 1e-12);
        assertEquals(PER_DAY, estimate.answers());
        assertEquals(List.of(), estimate.doubts());
        Monitor next =
                new Monitor(
                        prices,
                        Json.read("state", Json.write(unlabelled.state()), MonitorState.class));
        long[] moments = new long[PER_DAY];
        Arrays.fill(moments, EventTime.micros(later));
        double[] labels = new double[PER_DAY];
        Arrays.setAll(labels, row -> row + 3);
        next.labels(
                new Table(
                        List.of(
                                CategoryColumn.of(LiveColumns.ID, ids),
                                CategoryColumn.of(
                                        LiveColumns.ENTITY, Collections.nCopies(PER_DAY, "")),
                                new TimeColumn(LiveColumns.TIME, moments),
                                new TimeColumn(LiveColumns.AT, moments),
                                new NumberColumn(LiveColumns.LABEL, labels))));
        Look labelled =
                next.look(later.plusSeconds(60), 2, false, Optional.of(champion), Optional.empty());
        assertEquals(1, labelled.estimate().orElseThrow().doubts().size());
        assertEquals(
                Optional.empty(),
                new Monitor(prices, unlabelled.state())
                        .look(
                                later.plusSeconds(60),
                                2,
                                false,
                                Optional.of(champion(1, START)),
                                Optional.empty())
                        .estimate(),
                "of a version that knows nothing of its errors");
    }

    /** Everything is predicted "yes", and from the second day on that is wrong for kind b. */
    @Test
    void sliceInWhichErrorsRise_isNamed_acrossLooks() {
        Slices slices = Slices.of(new Table(rows(2_000, 50).columns()), List.of("kind", "x"));
        long[] tested = new long[slices.size()];
        double[] wrong = new double[slices.size()];
        Arrays.fill(tested, 500);
        Arrays.fill(wrong, 100);
        Monitor.Champion plain = champion(1, START);
        Monitor.Champion champion =
                new Monitor.Champion(
                        plain.reference(),
                        1,
                        plain.profile(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new SliceErrors(slices, tested, wrong)),
                        false);
        MonitorState state = MonitorState.NONE;
        Look look = null;
        for (int day = 0; day < 3; day++) {
            Instant at = START.plus(Duration.ofDays(day));
            Table rows = rows(PER_DAY, 50);
            Monitor monitor = new Monitor(spec, MonitorState.read(Json.write(state)));
            List<String> ids = new ArrayList<>();
            List<String> labels = new ArrayList<>();
            for (int row = 0; row < PER_DAY; row++) {
                ids.add("d" + day + "-" + row);
                boolean suffers = day > 0 && rows.category("kind").text(row).equals("b");
                labels.add(random.nextDouble() < (suffers ? 0.6 : 0.2) ? "no" : "yes");
            }
            predict(monitor, spec, rows, 1, at, ids, Optional.of(slices));
            // Labels come with the next look.
            Look unlabelled =
                    monitor.look(at, 2 * day, false, Optional.of(champion), Optional.empty());
            Monitor next = new Monitor(spec, MonitorState.read(Json.write(unlabelled.state())));
            label(next, ids, labels, at.plusSeconds(60));
            look =
                    next.look(
                            at.plusSeconds(120),
                            2 * day + 1,
                            false,
                            Optional.of(champion),
                            Optional.empty());
            state = look.state();
            assertTrue(day > 0 || look.worse().isEmpty(), "day " + day + ": " + look.worse());
        }

        assertEquals("kind is b", look.worse().getFirst().slice());
        assertEquals(3, state.slices().size());
        MonitorState kept = state;
        assertArrayEquals(
                Json.write(labelledOnce(kept, champion)),
                Json.write(labelledOnce(kept, champion)),
                "a look that is repeated counts the same");
    }

    /** One more day on the state itself, as a process keeps it. */
    private MonitorState labelledOnce(MonitorState before, Monitor.Champion champion) {
        Monitor monitor = new Monitor(spec, before);
        Instant at = START.plus(Duration.ofDays(2));
        predict(
                monitor,
                spec,
                fixed(),
                1,
                at,
                List.of("again"),
                champion.slices().map(SliceErrors::slices));
        label(monitor, List.of("again"), List.of("no"), at);
        return monitor.look(at, 9, false, Optional.of(champion), Optional.empty()).state();
    }

    private static Table fixed() {
        return new Table(
                List.of(
                        new NumberColumn("x", new double[] {50}),
                        CategoryColumn.of("kind", List.of("a"))));
    }

    /** As one wrote it that kept no slices. */
    @Test
    void stateOfFormat2_goesOnWithoutSlices() {
        Monitor monitor = new Monitor(spec, MonitorState.NONE);
        predict(monitor, spec, rows(100, 50), 1, START, "a");
        MonitorState now =
                monitor.look(START, 1, false, Optional.of(champion(1, START)), Optional.empty())
                        .state();
        ObjectNode old = (ObjectNode) Json.tree("state", Json.write(now));
        old.put("format", 2);
        old.remove("slices");
        old.path("join").path("open").forEach(each -> ((ObjectNode) each).remove("slices"));

        MonitorState read = MonitorState.read(Json.write(old));

        assertEquals(Json.tree("state", Json.write(now)), Json.tree("state", Json.write(read)));
        assertEquals(100, read.join().open().size());
    }

    /** Their labels may lie further on in the log. */
    @Test
    void lookThatLeavesBatchesForTheNext_givesNothingUp_thatThoseMightBeAbout() {
        Instant late = START.plus(Duration.ofDays(300));
        for (boolean isBehind : new boolean[] {true, false}) {
            Monitor monitor = new Monitor(spec, MonitorState.NONE);
            predict(monitor, spec, rows(100, 0), 1, START, "a");

            Look look = monitor.look(late, 1, isBehind, Optional.empty(), Optional.empty());

            assertEquals(isBehind ? 0 : 100, look.state().join().counts().unlabelled());
            Look unread =
                    new Monitor(spec, look.state())
                            .look(late, 2, isBehind, Optional.empty(), Optional.empty());
            Monitor next = new Monitor(spec, unread.state());
            label(next, 100, 0, START.plusSeconds(60), "a");
            Look after = next.look(late, 3, false, Optional.empty(), Optional.empty());
            assertEquals(isBehind ? 100 : 0, after.state().join().counts().matched());
        }
    }

    /** A day's traffic and the labels of the day, through the JSON that is kept in between. */
    private Look day(
            MonitorState before, Monitor.Champion champion, int day, double centre, double wrong) {
        Monitor monitor =
                new Monitor(spec, Json.read("state", Json.write(before), MonitorState.class));
        Instant at = START.plus(Duration.ofDays(day));
        String name = "d" + day + "-";
        int version = champion.reference().version();
        predict(monitor, spec, rows(PER_DAY, centre), version, at.plusSeconds(3_600), name);
        label(monitor, PER_DAY, wrong, at.plusSeconds(7_200), name);
        return monitor.look(
                at.plus(Duration.ofDays(1)),
                day + 1L,
                false,
                Optional.of(champion),
                Optional.empty());
    }

    @Test
    void trafficAsInTraining_raisesNothing_andIsCounted() {
        Monitor.Champion champion = champion(1, START);
        MonitorState state = MonitorState.NONE;
        Look look = null;
        for (int day = 0; day < 14; day++) {
            look = day(state, champion, day, 50, 0.2);
            state = look.state();
            assertTrue(look.errorDrift() < 1, "day " + day + ": " + look.errorDrift());
            assertTrue(
                    look.shifts().featureDrift() < 1,
                    "day " + day + ": " + look.shifts().features());
        }

        assertEquals(14 * PER_DAY, state.join().counts().labelled());
        assertEquals(14 * PER_DAY, state.watch().orElseThrow().labelled());
        assertEquals(7, state.days().size(), "the detection window's days");
        assertEquals(14, state.quality().size());
        long live = look.live().stream().mapToLong(Quality::labelled).sum();
        assertEquals(7 * PER_DAY, live);
    }

    @Test
    void errorsThatRise_areFound_withWhereTheyBegan() {
        Monitor.Champion champion = champion(1, START);
        MonitorState state = MonitorState.NONE;
        for (int day = 0; day < 7; day++) {
            state = day(state, champion, day, 50, 0.2).state();
        }
        Look found = null;
        for (int day = 7; day < 14 && (found == null || found.drifts().isEmpty()); day++) {
            found = day(state, champion, day, 50, 0.4);
            state = found.state();
        }

        assertTrue(found.errorDrift() >= 1, "errorDrift " + found.errorDrift());
        Drift drift = found.drifts().getFirst();
        assertTrue(drift.began().isBefore(drift.at()) || drift.began().equals(drift.at()));
        assertTrue(drift.at().isAfter(START.plus(Duration.ofDays(7))), drift::toString);
    }

    @Test
    void featureThatMoves_isFound_andOnlyThatOne() {
        Monitor.Champion champion = champion(1, START);
        MonitorState state = MonitorState.NONE;
        Look look = null;
        for (int day = 0; day < 3; day++) {
            look = day(state, champion, day, 70, 0.2);
            state = look.state();
        }

        assertTrue(look.shifts().featureDrift() >= 1);
        for (LiveShift each : look.shifts().features()) {
            assertEquals(each.column().equals("x"), each.ratio() >= 1, each::toString);
        }
    }

    @Test
    void columnThatIsGone_isDriftOfThatFeature() {
        Monitor.Champion champion = champion(1, START);
        MonitorState state = MonitorState.NONE;
        Look look = null;
        for (int day = 0; day < 3; day++) {
            Monitor monitor = new Monitor(spec, state);
            Instant at = START.plus(Duration.ofDays(day));
            Table rows = rows(PER_DAY, 50);
            double[] gone = new double[PER_DAY];
            Arrays.fill(gone, Double.NaN);
            Table without = new Table(List.of(new NumberColumn("x", gone), rows.category("kind")));
            predict(monitor, spec, without, 1, at, "d" + day + "-");
            label(monitor, PER_DAY, 0, at.plusSeconds(60), "d" + day + "-");
            look =
                    monitor.look(
                            at.plusSeconds(3_600),
                            day + 1L,
                            false,
                            Optional.of(champion),
                            Optional.empty());
            state = look.state();
        }

        for (LiveShift each : look.shifts().features()) {
            assertEquals(each.column().equals("x"), each.ratio() >= 1, each::toString);
        }
        assertEquals(3 * PER_DAY, state.join().counts().labelled(), "labels of one class only");
    }

    @Test
    void newChampion_isWatchedFromTheBeginning() {
        MonitorState state = day(MonitorState.NONE, champion(1, START), 0, 50, 0.2).state();

        Look look = day(state, champion(2, START.plus(Duration.ofDays(1))), 1, 50, 0.2);

        Watch watch = look.state().watch().orElseThrow();
        assertEquals(2, watch.reference().version());
        assertEquals(PER_DAY, watch.labelled());
    }

    @Test
    void noTraffic_oneRow_andNoChampion_areNoTrouble() {
        Look nothing =
                new Monitor(spec, MonitorState.NONE)
                        .look(START, 0, false, Optional.of(champion(1, START)), Optional.empty());
        Monitor one = new Monitor(spec, nothing.state());
        predict(one, spec, rows(1, 50), 1, START, "only");
        Look single =
                one.look(
                        START.plusSeconds(60),
                        1,
                        false,
                        Optional.of(champion(1, START)),
                        Optional.empty());
        Look without =
                new Monitor(spec, single.state())
                        .look(START, 1, false, Optional.empty(), Optional.empty());

        assertEquals(0, nothing.shifts().featureDrift());
        assertEquals(List.of(), single.shifts().features(), "one row says nothing");
        assertEquals(1, single.state().join().open().size());
        assertEquals(Optional.empty(), without.state().watch());
        assertEquals(
                START.plusSeconds(60), without.state().at(), "time doesn't go back with a clock");
    }

    @Test
    void lookThatIsLateByAWeek_takesEverythingIn() {
        Monitor.Champion champion = champion(1, START);
        Monitor monitor = new Monitor(spec, MonitorState.NONE);
        for (int day = 0; day < 7; day++) {
            Instant at = START.plus(Duration.ofDays(day));
            predict(monitor, spec, rows(PER_DAY, 50), 1, at, "d" + day + "-");
            label(monitor, PER_DAY, 0.2, at.plusSeconds(3_600), "d" + day + "-");
        }

        Look look =
                monitor.look(
                        START.plus(Duration.ofDays(7)),
                        14,
                        false,
                        Optional.of(champion),
                        Optional.empty());

        assertEquals(7 * PER_DAY, look.labelled());
        assertEquals(7, look.state().quality().size());
        assertTrue(look.errorDrift() < 1);
    }

    /** A champion that is known to have predicted "yes" with 0.7 ± a little. */
    private Monitor.Champion tested(double centre) {
        Monitor.Champion champion = champion(1, START);
        double[] yes = new double[1_000];
        double[] no = new double[1_000];
        for (int row = 0; row < yes.length; row++) {
            yes[row] = Math.clamp(centre + 0.05 * random.nextGaussian(), 0, 1);
            no[row] = 1 - yes[row];
        }
        TableProfile predicted =
                TableProfile.of(
                        new Table(
                                List.of(
                                        new NumberColumn(LiveColumns.PROBABILITY + "no", no),
                                        new NumberColumn(LiveColumns.PROBABILITY + "yes", yes))));
        return new Monitor.Champion(
                champion.reference(),
                1,
                champion.profile(),
                Optional.empty(),
                Optional.of(predicted),
                Optional.empty(),
                false);
    }

    @Test
    void featureThatMoves_butNotThePredictions_isReported_andNotAlarmed() {
        Table constant =
                new Table(
                        List.of(
                                new NumberColumn(LiveColumns.PROBABILITY + "no", filled(0.3)),
                                new NumberColumn(LiveColumns.PROBABILITY + "yes", filled(0.7))));
        Monitor.Champion champion = champion(1, START);
        Monitor.Champion unmoved =
                new Monitor.Champion(
                        champion.reference(),
                        1,
                        champion.profile(),
                        Optional.empty(),
                        Optional.of(TableProfile.of(constant)),
                        Optional.empty(),
                        false);
        Shifts untouched = day(MonitorState.NONE, unmoved, 0, 70, 0.2).shifts();
        Shifts touched = day(MonitorState.NONE, tested(0.4), 0, 70, 0.2).shifts();

        assertTrue(untouched.featuresMoved() >= 1);
        assertEquals(0, untouched.predictionsMoved());
        assertTrue(untouched.featureDrift() < 1);
        assertEquals("x", untouched.features().getFirst().column(), "the furthest is first");
        assertTrue(touched.predictionsMoved() >= 1);
        assertTrue(touched.featureDrift() >= 1);
    }

    private static double[] filled(double value) {
        double[] values = new double[1_000];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void errorIsEstimated_beforeLabelsCome_andDoubtedOnceTheyContradict() {
        Monitor.Champion champion = champion(1, START);
        Monitor monitor = new Monitor(spec, MonitorState.NONE);
        predict(monitor, spec, rows(PER_DAY, 50), 1, START.plusSeconds(60), "a");
        Instant later = START.plusSeconds(3_600);
        Look before = monitor.look(later, 1, false, Optional.of(champion), Optional.empty());
        Monitor next = new Monitor(spec, before.state());
        label(next, PER_DAY, 0.6, later, "a");
        Look after = next.look(later, 2, false, Optional.of(champion), Optional.empty());

        ErrorEstimate estimate = before.estimate().orElseThrow();
        assertEquals(0.3, estimate.error(), 1e-9);
        assertEquals(PER_DAY, estimate.answers());
        assertEquals(List.of(), estimate.doubts());
        assertEquals(1, after.estimate().orElseThrow().doubts().size());
    }

    @Test
    void labelsOfAnotherMix_areLabelDrift() {
        List<String> labels = new ArrayList<>();
        for (int row = 0; row < 5_000; row++) {
            labels.add(row % 5 == 0 ? "no" : "yes");
        }
        Monitor.Champion champion = champion(1, START);
        Monitor.Champion labelled =
                new Monitor.Champion(
                        champion.reference(),
                        1,
                        champion.profile(),
                        Optional.of(ColumnProfile.of(CategoryColumn.of("label", labels))),
                        Optional.empty(),
                        Optional.empty(),
                        false);

        Look alike = day(MonitorState.NONE, labelled, 0, 50, 0.2);
        Look other = day(MonitorState.NONE, labelled, 0, 50, 0.5);

        assertTrue(alike.shifts().label().orElseThrow().ratio() < 1, alike::toString);
        assertTrue(other.shifts().label().orElseThrow().ratio() >= 1, other::toString);
    }

    /** As the factory before wrote it: 200 labelled answers, and three that wait. */
    @Test
    void stateOfAnOlderFactory_goesOn_withNothingLost() {
        MonitorState state = MonitorState.read(Fixtures.bytes("monitor/state-1.json"));

        assertEquals(Optional.empty(), state.watch(), "it begins anew");
        assertEquals(3, state.join().open().size());
        assertEquals(200, state.join().counts().labelled());
        assertEquals(1, state.quality().size());
        Look look = day(state, champion(1, START), 2, 50, 0.2);
        assertEquals(PER_DAY, look.state().watch().orElseThrow().labelled());
        byte[] written = Json.write(look.state());
        assertArrayEquals(written, Json.write(MonitorState.read(written)), "and reads its own");
    }

    @Test
    void stateOfANewerFactory_isRefused() {
        String newer =
                new String(Json.write(MonitorState.NONE), StandardCharsets.UTF_8)
                        .replace("\"format\":" + MonitorState.FORMAT, "\"format\":99");

        String message =
                assertThrows(
                                MalformedJsonException.class,
                                () -> MonitorState.read(newer.getBytes(StandardCharsets.UTF_8)))
                        .getMessage();
        assertTrue(message.contains("newer factory"), message);
    }
}

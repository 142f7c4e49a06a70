package dev.perennial.core.monitor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LabelJoinTest {
    private static final long PATIENCE = 1_000;

    private final List<Outcome> outcomes = new ArrayList<>();

    private static LabelJoin join(LabelJoin.Kept kept) {
        return new LabelJoin(Task.BINARY, PATIENCE, kept);
    }

    private static OpenPrediction prediction(String id, long at, Role role, double yes) {
        return new OpenPrediction(
                id,
                "north",
                at,
                at,
                1,
                role,
                List.of("no", "yes"),
                new double[] {1 - yes, yes},
                new int[0]);
    }

    private static Label byId(String id, long at, String category) {
        return new Label(id, "", 0, at, category, Double.NaN);
    }

    private static Label byPlace(long time, long at, String category) {
        return new Label("", "north", time, at, category, Double.NaN);
    }

    /** The books balance, whatever happened. */
    private static void assertBalanced(LabelJoin.Kept kept) {
        Counts counts = kept.counts();
        long open = kept.open().stream().filter(each -> each.role() != Role.SHADOW).count();
        assertEquals(
                counts.predictions(),
                counts.labelled() + open + counts.unlabelled(),
                kept::toString);
        assertEquals(
                counts.labels(),
                counts.matched()
                        + counts.duplicates()
                        + counts.conflicts()
                        + counts.foreign()
                        + counts.unknown()
                        + kept.waiting().size(),
                kept::toString);
    }

    @Test
    void labelFindsItsPrediction_byIdOrByPlace() {
        LabelJoin join = join(LabelJoin.Kept.NOTHING);
        join.predictions(
                List.of(
                        prediction("a", 10, Role.CHAMPION, 0.8),
                        prediction("b", 20, Role.CHAMPION, 0.8)),
                outcomes);

        join.labels(List.of(byId("a", 30, "yes"), byPlace(20, 30, "no")), outcomes);

        assertEquals(List.of(0.0, 1.0), outcomes.stream().map(Outcome::error).toList());
        assertEquals(-Math.log(0.8), outcomes.get(0).logLoss(), 1e-12);
        assertEquals(-Math.log(0.2), outcomes.get(1).logLoss(), 1e-12);
        assertBalanced(join.kept());
    }

    @Test
    void labelBeforeItsPrediction_waits_overLooks() {
        LabelJoin first = join(LabelJoin.Kept.NOTHING);
        first.labels(List.of(byId("a", 5, "yes"), byPlace(20, 5, "no")), outcomes);
        assertBalanced(first.kept());

        LabelJoin second = join(first.kept());
        second.predictions(
                List.of(
                        prediction("a", 10, Role.CHAMPION, 0.8),
                        prediction("b", 20, Role.CHAMPION, 0.8)),
                outcomes);

        assertEquals(2, outcomes.size());
        assertEquals(0, second.kept().waiting().size());
        assertBalanced(second.kept());
    }

    @Test
    void copiesAndContradictions_areKeptAndCounted_theFirstLabelCounts() {
        LabelJoin join = join(LabelJoin.Kept.NOTHING);
        OpenPrediction prediction = prediction("a", 10, Role.CHAMPION, 0.8);
        assertArrayEquals(
                new boolean[] {true, false},
                join.predictions(List.of(prediction, prediction), outcomes));
        join.labels(
                List.of(byId("a", 30, "yes"), byId("a", 31, "yes"), byPlace(10, 32, "no")),
                outcomes);
        LabelJoin later = join(join.kept());
        assertArrayEquals(new boolean[] {false}, later.predictions(List.of(prediction), outcomes));

        Counts counts = later.kept().counts();
        assertEquals(1, outcomes.size());
        assertEquals(0.0, outcomes.getFirst().error());
        assertEquals(1, counts.duplicates());
        assertEquals(1, counts.conflicts());
        assertEquals(2, counts.repeated());
        assertEquals(
                List.of("the same label came before", "another label came before"),
                join.aside().stream().map(LabelJoin.Aside::why).toList());
        assertBalanced(later.kept());
    }

    @Test
    void labelOfNoClass_isPutAside_andItsPredictionWaitsForARightOne() {
        LabelJoin join = join(LabelJoin.Kept.NOTHING);
        join.labels(List.of(byPlace(10, 5, "YES")), outcomes);
        join.predictions(List.of(prediction("a", 10, Role.CHAMPION, 0.8)), outcomes);
        join.labels(List.of(byId("a", 30, "maybe")), outcomes);

        assertEquals(List.of(), outcomes);
        assertEquals(2, join.kept().counts().foreign());
        assertEquals("none of the model's classes, [no, yes]", join.aside().getFirst().why());
        assertBalanced(join.kept());

        join.labels(List.of(byId("a", 31, "yes")), outcomes);

        assertEquals(1, join.kept().counts().matched());
        assertBalanced(join.kept());
    }

    @Test
    void whatWaitsTooLong_isGivenUp_andCounted() {
        LabelJoin join = join(LabelJoin.Kept.NOTHING);
        join.predictions(List.of(prediction("a", 10, Role.CHAMPION, 0.8)), outcomes);
        join.labels(List.of(byId("nobody", 10, "yes")), outcomes);

        join.expire(10 + PATIENCE);
        assertEquals(1, join.kept().open().size());
        join.expire(11 + PATIENCE);

        assertEquals(1, join.kept().counts().unlabelled());
        assertEquals(1, join.kept().counts().unknown());
        assertEquals("no such prediction came", join.aside().getFirst().why());
        assertBalanced(join.kept());
    }

    @Test
    void shadow_isLabelledWithTheAnswerItShadows_inEitherOrder() {
        LabelJoin join = join(LabelJoin.Kept.NOTHING);
        join.predictions(List.of(prediction("a", 10, Role.CHAMPION, 0.8)), outcomes);
        join.labels(List.of(byId("a", 20, "yes")), outcomes);
        join.predictions(List.of(prediction("a", 10, Role.SHADOW, 0.3)), outcomes);
        join.predictions(
                List.of(
                        prediction("b", 11, Role.SHADOW, 0.3),
                        prediction("b", 11, Role.CHAMPION, 0.8)),
                outcomes);
        join.labels(List.of(byId("b", 20, "yes")), outcomes);

        assertEquals(2, outcomes.stream().filter(each -> each.role() == Role.SHADOW).count());
        assertEquals(2, join.kept().counts().predictions());
        assertEquals(2, join.kept().counts().matched());
        assertBalanced(join.kept());
    }

    /** Everything twice, in any order, over any number of looks: the same outcomes. */
    @RepeatedTest(50)
    void anyOrder_givesTheSameOutcomes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Object> everything = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            everything.add(prediction("p" + i, i, Role.CHAMPION, 0.7));
            everything.add(
                    random.nextBoolean()
                            ? byId("p" + i, 100 + i, "yes")
                            : byPlace(i, 100 + i, "yes"));
        }
        everything.addAll(List.copyOf(everything));
        Collections.shuffle(everything, random);

        LabelJoin.Kept kept = LabelJoin.Kept.NOTHING;
        for (Object each : everything) {
            LabelJoin join = join(kept);
            if (each instanceof OpenPrediction prediction) {
                join.predictions(List.of(prediction), outcomes);
            } else {
                join.labels(List.of((Label) each), outcomes);
            }
            kept = join.kept();
            assertBalanced(kept);
        }

        assertEquals(30, outcomes.stream().map(Outcome::id).distinct().count());
        assertEquals(30, outcomes.size());
        assertEquals(30, kept.counts().duplicates());
        assertEquals(30, kept.counts().repeated());
        assertTrue(kept.open().isEmpty() && kept.waiting().isEmpty());
    }
}

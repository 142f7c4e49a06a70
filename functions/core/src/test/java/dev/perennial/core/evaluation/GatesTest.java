package dev.perennial.core.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Samples;
import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.evaluation.Evaluation.SliceScore;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.GateSpec;
import dev.perennial.core.spec.GateSpec.Incomparable;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final int ROWS = 400;

    /** Rows 0–299 are of kind a, 300–389 of b, 390–394 of c, 395–399 have none. */
    private static final Table TEST =
            new Table(
                    List.of(
                            new TimeColumn("at", LongStream.range(0, ROWS).toArray()),
                            Samples.categories(
                                    "kind",
                                    IntStream.range(0, ROWS)
                                            .mapToObj(row ->
                                                    row < 300
                                                            ? "a"
                                                            : row < 390
                                                                    ? "b"
                                                                    : row < 395 ? "c" : "")
                                            .toArray(String[]::new))));

    private static final Predictions GOOD = predictions(0.1, 0);
    private static final Predictions MIDDLING = predictions(0.25, 0);

    /** As good as the good one, but wrong on every row of kind b. */
    private static final Predictions BLIND = predictions(0.1, 90);

    @Test
    void absolute_passesWithinItsBoundsOnly() {
        double accuracy = Metric.ACCURACY.of(GOOD).orElseThrow();

        assertTrue(
                absolute("accuracy", OptionalDouble.of(accuracy), OptionalDouble.empty()).passed());
        assertFalse(
                absolute(
                                "accuracy",
                                OptionalDouble.of(Math.nextUp(accuracy)),
                                OptionalDouble.empty())
                        .passed());
        assertTrue(absolute("brier", OptionalDouble.empty(), OptionalDouble.of(0.2)).passed());
        GateResult failed = absolute("brier", OptionalDouble.empty(), OptionalDouble.of(0.001));
        assertFalse(failed.passed());
        assertEquals("brier at most 0.001", failed.gate());
    }

    @Test
    void whatCannotBeMeasured_doesNotPass() {
        Predictions oneClass =
                new ClassPredictions(
                        List.of("no", "yes"),
                        new int[ROWS],
                        IntStream.range(0, ROWS)
                                .mapToObj(_ -> new double[] {0.6, 0.4})
                                .toArray(double[][]::new));
        Comparison comparison =
                comparison(oneClass, Optional.of(Opponent.of(oneClass)), Optional.empty());

        for (GateSpec gate :
                List.of(
                        new GateSpec.Absolute("auc", OptionalDouble.of(0), OptionalDouble.empty()),
                        new GateSpec.Versus(
                                "auc", GateSpec.Opponent.CHAMPION, 0.9, -1, Incomparable.REJECT),
                        slice("auc", 1))) {
            GateResult result = Gates.decide(List.of(gate), comparison).getFirst();
            assertFalse(result.passed(), result.toString());
            assertTrue(result.found().startsWith("undefined"), result.toString());
        }
    }

    @Test
    void versus_passesWhenSurelyBetter_notWhenWorseOrEqual() {
        for (String metric : List.of("auc", "logLoss", "brier", "accuracy")) {
            assertTrue(versus(metric, 0, GOOD, MIDDLING).passed(), metric);
            assertFalse(versus(metric, 0, MIDDLING, GOOD).passed(), metric);
            assertFalse(versus(metric, 0, GOOD, GOOD).passed(), metric);
        }
    }

    @Test
    void versus_mayAllowALoss_orAskForMore() {
        assertTrue(versus("accuracy", -0.01, GOOD, GOOD).passed());
        assertFalse(versus("accuracy", 0.9, GOOD, MIDDLING).passed());
        assertTrue(versus("accuracy", 0.9, GOOD, MIDDLING).gate().contains("by more than 0.9"));
    }

    @Test
    void firstModel_needsNoChampion_butMustMeetItsOtherGates() {
        Comparison first = comparison(GOOD, Optional.empty(), Optional.of(MIDDLING));

        List<GateResult> results =
                Gates.decide(
                        List.of(
                                versus("auc", GateSpec.Opponent.CHAMPION, 0.5),
                                slice("auc", 0),
                                versus("auc", GateSpec.Opponent.LINEAR, 0.9)),
                        first);

        assertEquals(List.of(true, true, false), results.stream().map(GateResult::passed).toList());
        assertEquals("there is no champion yet", results.getFirst().found());
    }

    @Test
    void championThatCannotBeCompared_andBaselineThatFailed_keepTheCandidateOut() {
        Comparison comparison =
                comparison(
                        GOOD,
                        Optional.of(Opponent.incomparable("it has other classes")),
                        Optional.empty());

        List<GateResult> results =
                Gates.decide(
                        List.of(
                                versus("auc", GateSpec.Opponent.CHAMPION, -1),
                                slice("auc", 1),
                                versus("auc", GateSpec.Opponent.LINEAR, -1)),
                        comparison);

        assertEquals(
                List.of(
                        "can't be compared: it has other classes; with `incomparable: pass` at this gate the others decide",
                        "can't be compared: it has other classes; with `incomparable: pass` at this gate the others decide",
                        "can't be compared: its training failed; with `incomparable: pass` at this gate the others decide"),
                results.stream().map(GateResult::found).toList());
        assertTrue(results.stream().noneMatch(GateResult::passed));
    }

    @Test
    void slice_findsWhereTheCandidateLost_thoughTheWholeIsFine() {
        Comparison comparison = comparison(BLIND, Optional.of(Opponent.of(GOOD)), Optional.empty());

        GateResult strict = Gates.decide(List.of(slice("accuracy", 0.1)), comparison).getFirst();
        GateResult lenient = Gates.decide(List.of(slice("accuracy", 1)), comparison).getFirst();

        assertFalse(strict.passed());
        assertTrue(strict.found().contains("worse on 'b', at least 0."), strict.found());
        assertTrue(lenient.passed());
        GateResult loss = Gates.decide(List.of(slice("brier", 0.1)), comparison).getFirst();
        assertFalse(loss.passed(), "a metric that should be low: " + loss);
    }

    @Test
    void slice_whereNothingGotWorse_passes() {
        GateResult result =
                Gates.decide(
                                List.of(slice("accuracy", 0)),
                                comparison(GOOD, Optional.of(Opponent.of(GOOD)), Optional.empty()))
                        .getFirst();

        assertTrue(result.passed());
        assertEquals("nowhere worse", result.found());
    }

    /** The worst of twenty noisy slices is often worse by 0.05; that is chance, not the model. */
    @Test
    void slices_ofEqualModels_areRejectedAsSeldomAsTheConfidenceSays() {
        int rows = 600;
        Table test =
                new Table(
                        List.of(
                                new TimeColumn("at", LongStream.range(0, rows).toArray()),
                                Samples.categories(
                                        "kind",
                                        IntStream.range(0, rows)
                                                .mapToObj(row -> "k" + row % 20)
                                                .toArray(String[]::new))));
        int rejected = 0;
        for (int draw = 0; draw < 100; draw++) {
            Random random = new Random(draw);
            int[] labels = random.ints(rows, 0, 2).toArray();
            Comparison comparison =
                    new Comparison(
                            Samples.spec(Task.BINARY),
                            test,
                            guesses(random, labels),
                            Optional.of(Opponent.of(guesses(random, labels))),
                            Optional.empty(),
                            guesses(random, labels));
            GateResult result =
                    Gates.decide(List.of(slice("accuracy", 0.05)), comparison).getFirst();
            rejected += result.passed() ? 0 : 1;
        }

        // At 5 % and 100 draws, 11 or fewer are 99 % sure (binomial).
        assertTrue(rejected <= 11, rejected + " of 100 rejected");
    }

    private static ClassPredictions guesses(Random random, int[] labels) {
        double[][] probability = new double[labels.length][];
        for (int row = 0; row < labels.length; row++) {
            boolean right = random.nextDouble() < 0.8;
            double yes = right == (labels[row] == 1) ? 0.7 : 0.3;
            probability[row] = new double[] {1 - yes, yes};
        }
        return new ClassPredictions(List.of("no", "yes"), labels, probability);
    }

    @Test
    void incomparableChampion_maybeLetPass_bySayingSo() {
        Comparison comparison =
                comparison(
                        GOOD, Optional.of(Opponent.incomparable("it needs x")), Optional.empty());

        List<GateResult> results =
                Gates.decide(
                        List.of(
                                new GateSpec.Versus(
                                        "auc",
                                        GateSpec.Opponent.CHAMPION,
                                        0.95,
                                        0,
                                        Incomparable.PASS),
                                new GateSpec.Slice("auc", "kind", 0, 0.95, Incomparable.PASS)),
                        comparison);

        assertTrue(results.stream().allMatch(GateResult::passed), results.toString());
        assertEquals(
                "can't be compared: it needs x; the gate lets such a one pass",
                results.getFirst().found());
    }

    @Test
    void rareValues_areMeasuredTogether_andEveryRowOnce() {
        List<SliceScore> slices =
                comparison(GOOD, Optional.of(Opponent.of(MIDDLING)), Optional.empty())
                        .slices("kind", Metric.ACCURACY);

        assertEquals(List.of("a", "b", "…"), slices.stream().map(SliceScore::value).toList());
        assertEquals(List.of(300L, 90L, 10L), slices.stream().map(SliceScore::rows).toList());
        assertEquals(
                Metric.ACCURACY.of(GOOD.select(IntStream.range(300, 390).toArray())),
                slices.get(1).candidate());
        assertEquals(
                Metric.ACCURACY.of(MIDDLING.select(IntStream.range(300, 390).toArray())),
                slices.get(1).champion());
    }

    @Test
    void slices_ofGatesAndOfEveryCategory_areListedOnce() {
        Comparison comparison =
                new Comparison(
                        Samples.spec(
                                Task.BINARY,
                                List.of(),
                                List.of(),
                                Duration.ZERO,
                                List.of(slice("accuracy", 0.1), slice("auc", 0.1))),
                        TEST,
                        GOOD,
                        Optional.empty(),
                        Optional.empty(),
                        MIDDLING);

        assertEquals(
                List.of("accuracy", "accuracy", "accuracy", "auc", "auc", "auc"),
                comparison.slices().stream().map(SliceScore::metric).toList());
        assertTrue(comparison.slices().stream().allMatch(each -> each.champion().isEmpty()));
    }

    @Test
    void scores_nameEverybody_withEveryDefinedMetric() {
        Comparison comparison =
                comparison(GOOD, Optional.of(Opponent.of(MIDDLING)), Optional.of(MIDDLING));

        assertEquals(
                List.of("candidate", "champion", "linear", "previousLabel"),
                comparison.scores().stream().map(Evaluation.ModelScore::model).toList());
        assertEquals(6, comparison.scores().getFirst().metrics().size());
        assertEquals(
                Metric.AUC.of(GOOD).orElseThrow(),
                comparison.scores().getFirst().metrics().get("auc").estimate());
        assertEquals(
                ROWS, comparison.curve().stream().mapToLong(Evaluation.CurvePoint::rows).sum());
    }

    private static GateResult absolute(String metric, OptionalDouble min, OptionalDouble max) {
        return Gates.decide(
                        List.of(new GateSpec.Absolute(metric, min, max)),
                        comparison(GOOD, Optional.empty(), Optional.empty()))
                .getFirst();
    }

    private static GateSpec.Slice slice(String metric, double maxDrop) {
        return new GateSpec.Slice(metric, "kind", maxDrop, 0.95, Incomparable.REJECT);
    }

    private static GateSpec.Versus versus(
            String metric, GateSpec.Opponent opponent, double margin) {
        return new GateSpec.Versus(metric, opponent, 0.95, margin, Incomparable.REJECT);
    }

    private static GateResult versus(
            String metric, double margin, Predictions ours, Predictions theirs) {
        return Gates.decide(
                        List.of(versus(metric, GateSpec.Opponent.CHAMPION, margin)),
                        comparison(ours, Optional.of(Opponent.of(theirs)), Optional.empty()))
                .getFirst();
    }

    private static Comparison comparison(
            Predictions candidate, Optional<Opponent> champion, Optional<Predictions> linear) {
        return new Comparison(
                Samples.spec(Task.BINARY), TEST, candidate, champion, linear, MIDDLING);
    }

    /**
     * Predictions that are wrong on a share of the rows, and on the first so many of kind b.
     *
     * @param wrong share
     */
    private static ClassPredictions predictions(double wrong, int wrongOfB) {
        Random random = new Random(12);
        int[] labels = new int[ROWS];
        double[][] probability = new double[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = random.nextBoolean() ? 1 : 0;
            double sure = 0.7 + 0.25 * random.nextDouble();
            boolean missed = random.nextDouble() < wrong || (row >= 300 && row < 300 + wrongOfB);
            double yes = (labels[row] == 1) != missed ? sure : 1 - sure;
            probability[row] = new double[] {1 - yes, yes};
        }
        return new ClassPredictions(List.of("no", "yes"), labels, probability);
    }
}

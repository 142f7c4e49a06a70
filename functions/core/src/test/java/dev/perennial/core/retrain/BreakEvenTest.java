package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BreakEvenTest {
    private static final BreakEven POLICY = new BreakEven(true);

    /** Only the ratio of a probe's excess to its own loss counts. */
    @Test
    void worseProbes_changeNothing() {
        BiFunction<Integer, Integer, Double> aging =
                (model, period) -> 0.1 + 0.002 * (period - model);
        SimulatedStream good = new SimulatedStream(0.4, 0.001, 1, aging);
        SimulatedStream bad = new SimulatedStream(0.4, 0.001, 1, aging);
        bad.probes = 4;

        assertEquals(good.play(POLICY, 100).runs(), bad.play(POLICY, 100).runs());
        assertTrue(good.runs().size() >= 4, good.runs().toString());
    }

    @Test
    void aModelWithoutAProbe_isRefused_sinceItsExcessCantBeSeen() {
        SimulatedStream stream = new SimulatedStream(0.1, 0.001, 1, (_, _) -> 0.1);
        stream.play(new FixedPeriod(2), 4);

        assertThrows(IllegalArgumentException.class, () -> POLICY.advise(stream));
    }

    @Test
    void aStreamWithoutDrift_startsFewerThanOneRunPerHundredPeriods() {
        double runs = meanRuns(200, 0.015, _ -> (_, _) -> 0.2);

        assertTrue(runs < 1, "false retrainings per 100 periods: " + runs);
    }

    /**
     * The weather of a day is no aging, however much it favours one model over another: here by
     * four times as much as finitely many rows explain.
     */
    @Test
    void whatPassesWithinAPeriod_isNoExcess() {
        double runs =
                meanRuns(
                        100,
                        0.005,
                        seed -> (model, period) -> 0.2 + 0.02 * weather(seed, model, period));

        assertTrue(runs < 1, "false retrainings per 100 periods: " + runs);
    }

    private static double meanRuns(
            int seeds, double noise, LongFunction<BiFunction<Integer, Integer, Double>> loss) {
        return LongStream.range(0, seeds)
                .map(seed ->
                        new SimulatedStream(0.1, noise, seed, loss.apply(seed))
                                .play(POLICY, 100)
                                .runs()
                                .size())
                .average()
                .orElseThrow();
    }

    private static double weather(long seed, int model, int period) {
        return new SplittableRandom((seed * 7_919 + model) * 104_729 + period).nextGaussian();
    }

    @Test
    void aFormerConcept_isServedByItsFormerModel() {
        // two concepts by turns, 20 periods each; a model knows the one it was trained in
        SimulatedStream stream =
                new SimulatedStream(
                        0.1,
                        0.01,
                        3,
                        (model, period) -> model / 20 % 2 == period / 20 % 2 ? 0.1 : 0.3);

        stream.play(POLICY, 160);

        long right =
                IntStream.range(80, 160)
                        .filter(period ->
                                stream.course().served().get(period) / 20 % 2 == period / 20 % 2)
                        .count();
        assertTrue(right >= 60, right + " of 80 periods by a model of the right concept");
    }

    @Test
    void whereNothingMoves_probesAreRare_andMovingDataIsLookedAtMoreOften() {
        int still =
                new SimulatedStream(0.3, 0.001, 4, (_, _) -> 0.1)
                        .play(POLICY, 100)
                        .course()
                        .probes()
                        .size();
        int moving =
                new SimulatedStream(
                                0.3, 0.001, 4, (model, period) -> 0.1 + 0.003 * (period - model))
                        .play(POLICY, 100)
                        .course()
                        .probes()
                        .size();

        assertTrue(still <= 15, "probes: " + still);
        assertTrue(moving > 2 * still, "probes: %d and %d".formatted(moving, still));
    }

    @Test
    void aDearerRun_comesLessOften() {
        int cheap = runs(0.05);
        int dear = runs(0.5);

        assertTrue(cheap > dear && dear > 0, "runs: %d and %d".formatted(cheap, dear));
    }

    private static int runs(double price) {
        return new SimulatedStream(
                        price, 0.005, 5, (model, period) -> 0.1 + 0.002 * (period - model))
                .play(POLICY, 100)
                .runs()
                .size();
    }

    @Test
    void theSameEvidence_givesTheSameAdvice_andSaysItInNumbers() {
        SimulatedStream stream =
                new SimulatedStream(0.1, 0.01, 6, (model, period) -> 0.1 + 0.002 * (period - model))
                        .play(POLICY, 50);

        Advice advice = POLICY.advise(stream);

        assertEquals(advice, POLICY.advise(stream));
        assertTrue(advice.why().contains("a run costs 0.1000"), advice.why());
    }

    @Test
    void beforeAnyLabel_nothingIsDecided() {
        SimulatedStream stream = new SimulatedStream(0.1, 0.01, 7, (_, _) -> 0.1);

        Advice advice = POLICY.advise(stream);

        assertFalse(advice.retrain());
        assertEquals(0, advice.serve());
        assertTrue(advice.probe());
    }
}

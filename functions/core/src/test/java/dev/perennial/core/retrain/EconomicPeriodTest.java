package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of the policies that weigh what was lost against a run's price. */
class EconomicPeriodTest {
    static Stream<RetrainingPolicy> policies() {
        return Stream.of(new BreakEven(true), new BreakEven(false), new OwnErrors());
    }

    /** With excess g·age the best period is √(2λ/g) (Harris 1913): 20 here. */
    @ParameterizedTest
    @MethodSource("policies")
    void linearAging_isAnsweredAtTheEconomicPeriod(RetrainingPolicy policy) {
        double gain = 0.002;
        double price = 0.4;
        SimulatedStream stream =
                new SimulatedStream(
                        price, 0.001, 1, (model, period) -> 0.1 + gain * (period - model));

        List<Integer> runs = stream.play(policy, 200).runs();

        double best = Math.sqrt(2 * price / gain);
        double mean = (runs.getLast() - runs.getFirst()) / (runs.size() - 1.0);
        assertEquals(best, mean, 2.5, runs.toString());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void anAbruptDrift_isAnsweredSoonAfter(RetrainingPolicy policy) {
        int drift = 40;
        SimulatedStream stream =
                new SimulatedStream(
                        0.1,
                        0.01,
                        2,
                        (model, period) -> model <= drift && period > drift ? 0.35 : 0.1);

        List<Integer> runs = stream.play(policy, 100).runs();

        assertTrue(runs.stream().anyMatch(run -> run > drift && run <= drift + 6), runs.toString());
        assertTrue(runs.size() <= 2, runs.toString());
    }
}

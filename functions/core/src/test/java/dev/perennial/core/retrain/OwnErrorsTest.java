package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnErrorsTest {
    private static final OwnErrors POLICY = new OwnErrors();

    /** With excess g·age the best period is √(2λ/g) (Harris 1913): 20 here. */
    @Test
    void linearAging_isAnsweredAtTheEconomicPeriod() {
        double gain = 0.002;
        double price = 0.4;
        SimulatedStream stream =
                new SimulatedStream(
                        price, 0.001, 1, (model, period) -> 0.1 + gain * (period - model));

        List<Integer> runs = stream.play(POLICY, 200).runs();

        double mean = (runs.getLast() - runs.getFirst()) / (runs.size() - 1.0);
        assertEquals(Math.sqrt(2 * price / gain), mean, 2.5, runs.toString());
    }

    @Test
    void anAbruptDrift_isAnsweredSoonAfter_andNothingElse() {
        SimulatedStream stream =
                new SimulatedStream(
                        0.1, 0.01, 2, (model, period) -> model <= 40 && period > 40 ? 0.35 : 0.1);

        List<Integer> runs = stream.play(POLICY, 100).runs();

        assertTrue(runs.stream().anyMatch(run -> run > 40 && run <= 46), runs.toString());
        assertTrue(runs.size() <= 2, runs.toString());
    }

    /** What probes would tell: each model, however fresh, finds it as hard. */
    @Test
    void aTaskThatGetsHarderByItself_isTakenForAging() {
        SimulatedStream stream =
                new SimulatedStream(0.4, 0.001, 1, (_, period) -> 0.1 + 0.002 * period);

        assertTrue(stream.play(POLICY, 100).runs().size() >= 3);
        SimulatedStream probed =
                new SimulatedStream(0.4, 0.001, 1, (_, period) -> 0.1 + 0.002 * period);
        assertEquals(List.of(), probed.play(new BreakEven(), 100).runs());
    }
}

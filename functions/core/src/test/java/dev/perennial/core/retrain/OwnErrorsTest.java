package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnErrorsTest {
    /** What probes would tell: each model, however fresh, finds it as hard. */
    @Test
    void aTaskThatGetsHarderByItself_isTakenForAging() {
        SimulatedStream stream =
                new SimulatedStream(0.4, 0.001, 1, (_, period) -> 0.1 + 0.002 * period);

        assertTrue(stream.play(new OwnErrors(), 100).runs().size() >= 3);
        SimulatedStream probed =
                new SimulatedStream(0.4, 0.001, 1, (_, period) -> 0.1 + 0.002 * period);
        assertEquals(List.of(), probed.play(new BreakEven(true), 100).runs());
    }
}

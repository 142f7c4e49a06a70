package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RetrainingPolicyTest {
    private static SimulatedStream stream() {
        return new SimulatedStream(0.1, 0.01, 1, (_, _) -> 0.1);
    }

    /** Played up to a period in which the detector goes off. */
    private static SimulatedStream alarmed(OnAlarm policy, int period) {
        SimulatedStream stream = stream().play(policy, period);
        stream.alarmed = true;
        stream.step(policy);
        stream.alarmed = false;
        return stream;
    }

    @Test
    void never_keepsTheFirst() {
        SimulatedStream stream = stream().play(new Never(), 30);

        assertEquals(List.of(), stream.runs());
        assertTrue(stream.course().served().stream().allMatch(model -> model == 0));
    }

    @Test
    void fixedPeriod_comesRound() {
        assertEquals(List.of(7, 14, 21, 28), stream().play(new FixedPeriod(7), 30).runs());
        assertThrows(IllegalArgumentException.class, () -> new FixedPeriod(0));
    }

    @Test
    void anAlarm_startsARun_andItsFollowUp_butNoFollowUpOfThat() {
        SimulatedStream stream = alarmed(new OnAlarm(5), 10);

        assertEquals(List.of(10, 15), stream.play(new OnAlarm(5), 40).runs());
        assertThrows(IllegalArgumentException.class, () -> new OnAlarm(-1));
    }

    @Test
    void anAlarm_asLongAfterTheStartAsAFollowUp_hasItsFollowUp() {
        SimulatedStream stream = alarmed(new OnAlarm(5), 5);

        assertEquals(List.of(5, 10), stream.play(new OnAlarm(5), 40).runs());
    }

    @Test
    void anAlarm_withoutFollowUp_startsOneRun() {
        SimulatedStream stream = alarmed(new OnAlarm(0), 10);

        assertEquals(List.of(10), stream.play(new OnAlarm(0), 40).runs());
    }

    @Test
    void aDifference_isOfTheSameRows() {
        Difference difference = Difference.of(new double[] {1, 0, 1, 1}, new double[] {0, 0, 1, 0});

        assertEquals(0.5, difference.mean());
        assertEquals(2 / 16.0, difference.variance());
        assertEquals(
                1 / 4.0,
                Difference.of(new double[2], new double[2]).variance(),
                "one row at least");
        assertThrows(
                IllegalArgumentException.class, () -> Difference.of(new double[1], new double[2]));
    }
}

package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
    private static final Lookback SHORT =
            new Lookback(Optional.of(Duration.ofDays(28)), Optional.empty());
    private static final Lookback RECENT =
            new Lookback(Optional.empty(), Optional.of(Duration.ofDays(56)));

    private static List<Candidate> drawn(int candidates, List<Lookback> lookbacks) {
        return SearchSpace.draw(
                new TrainSpec(
                        TrainerName.XGBOOST,
                        candidates,
                        7,
                        100,
                        20,
                        1,
                        Calibration.NONE,
                        Map.of(),
                        lookbacks,
                        1,
                        false));
    }

    @Test
    void eachLookBack_isTriedWithTheStandardFirst_thenTheyTakeTurns() {
        List<Candidate> drawn = drawn(5, List.of(SHORT, RECENT));

        assertEquals(
                List.of(SHORT, RECENT, SHORT, RECENT, SHORT, Lookback.ALL),
                drawn.stream().map(Candidate::lookback).toList());
        assertEquals(drawn.get(0).parameters(), drawn.get(1).parameters());
        assertEquals(0.1, drawn.get(0).parameter(Hyperparameter.ETA));
        assertNotEquals(drawn.get(0).parameters(), drawn.get(2).parameters());
        assertEquals(TrainerName.LINEAR, drawn.getLast().trainer());
    }

    @Test
    void otherLookBacks_leaveTheDrawsAsTheyWere() {
        List<Candidate> before = drawn(5, List.of());
        List<Candidate> after = drawn(5, List.of(SHORT, RECENT));

        assertEquals(before.get(4).parameters(), after.get(4).parameters());
    }
}

package dev.perennial.local.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.spec.RetrainSpec.Costs;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.local.replay.Replayed.Event;
import dev.perennial.local.replay.Replayed.Predicted;
import dev.perennial.local.replay.Tuning.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TuningTest {
    private static final String SHOP =
            """
            name: shop
            task: binary
            time: t
            label: {column: y, positive: "yes"}
            features: [{name: x, type: number}]
            window: P900D
            split: {validation: PT1H, test: PT1H}
            train: {trainer: xgboost}
            gates: [{metric: auc, min: 0.5}]
            """;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PER_WEEK = 500;
    private static final Costs COSTS = new Costs(0.1, 5);

    /** A run each so many weeks; 0: never. Whether a row is wrong depends on the row, as live. */
    private static Replayed replayed(
            String policy, int weeks, int every, IntToDoubleFunction errorOfWeek) {
        SplittableRandom random = new SplittableRandom(1);
        List<Predicted> predictions = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int week = 0; week < weeks; week++) {
            Instant at = START.plus(Duration.ofDays(7L * week));
            if (every > 0 && week % every == every - 1) {
                events.add(new Event(at, Replayed.RUN, "test"));
            }
            for (int row = 0; row < PER_WEEK; row++) {
                boolean wrong = random.nextDouble() < errorOfWeek.applyAsDouble(week);
                predictions.add(
                        new Predicted(
                                week * PER_WEEK + row,
                                at.plus(Duration.ofMinutes(20L * row)),
                                "yes",
                                0.9,
                                1,
                                wrong ? "no" : "yes",
                                wrong ? 0.1 : 0.9));
            }
        }
        return new Replayed(policy, predictions, events, events.size(), 0, 0, 0, List.of(), 0);
    }

    private static Tuning tuning(int weeks, Replayed... all) {
        return Tuning.of(List.of(all), START, START.plus(Duration.ofDays(7L * weeks)), COSTS);
    }

    @Test
    void policyThatSavesMoreThanItsRuns_isFirst_withWhatTheOthersCostMore() {
        int weeks = 24;
        Replayed never = replayed("never", weeks, 0, week -> 0.2 + 0.01 * week);
        Replayed monthly = replayed("monthly", weeks, 4, week -> 0.2 + 0.01 * (week % 4));
        Replayed weekly = replayed("weekly", weeks, 1, _ -> 0.2);

        Tuning found = tuning(weeks, never, weekly, monthly);

        assertEquals(
                List.of("monthly", "weekly", "never"),
                found.candidates().stream().map(Candidate::policy).toList());
        assertEquals(Optional.empty(), found.doubt());
        // 500 rows a week at 0.215 wrong and 0.1 USD, a quarter of a run at 5 USD.
        assertEquals(12, found.candidates().getFirst().usdPerWeek(), 0.6);
        Candidate last = found.candidates().getLast();
        assertEquals(3.75, last.dearer().orElseThrow().estimate(), 1);
        assertTrue(last.dearer().orElseThrow().low() > 0);
    }

    @Test
    void policiesThatCantBeToldApart_areADoubt() {
        int weeks = 12;
        Replayed never = replayed("never", weeks, 0, _ -> 0.2);
        Replayed alarms = replayed("alarms", weeks, 0, week -> week % 2 == 0 ? 0.21 : 0.192);

        String doubt = tuning(weeks, never, alarms).doubt().orElseThrow();

        assertTrue(
                doubt.matches("this history can't tell (never from alarms|alarms from never)"),
                doubt);
    }

    @Test
    void aShortHistory_isADoubt_howeverClearItSeems() {
        Tuning found =
                tuning(3, replayed("never", 3, 0, _ -> 0.5), replayed("sundays", 3, 1, _ -> 0.1));

        assertTrue(found.doubt().orElseThrow().contains("too short"), found::toString);
        assertTrue(found.candidates().stream().allMatch(each -> each.dearer().isEmpty()));
    }

    /** What is recommended can be pasted; and what isn't weighed has no costs. */
    @Test
    void blocks_areReadByASpec() {
        for (Policy policy : Policy.tuned(COSTS)) {
            Optional<Costs> costs =
                    SpecReader.read("spec", SHOP + policy.block()).retrain().costs();

            assertEquals(
                    List.of("weighed", "probed").contains(policy.name()),
                    costs.isPresent(),
                    policy.name());
        }
    }

    @Test
    void policies_replaceWhateverTheSpecSaysOfCausesCostsAndDates() {
        String spec =
                SHOP
                        + "retrain: {cooldown: P1D, probes: P7D, followUp: P2D, maxAge: P2D, costs: {error: 1}}\n";
        List<Policy> policies = new ArrayList<>(Policy.tuned(COSTS));
        policies.addAll(List.of(Policy.NEVER, Policy.SUNDAYS));
        for (Policy policy : policies) {
            RetrainSpec retrain = SpecReader.read("spec", policy.apply(spec)).retrain();

            assertEquals(Optional.empty(), retrain.maxAge(), policy.name());
            assertEquals(Optional.empty(), retrain.followUp(), policy.name());
            assertEquals(
                    List.of("weighed", "probed").contains(policy.name()),
                    retrain.costs().isPresent(),
                    policy.name());
        }
    }
}

package dev.perennial.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.Role;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration WITHIN = Duration.ofDays(7);
    private static final Question QUESTION =
            new Question(
                    "shop", "run-2", 2, Mode.SHADOW, 0, 0.95, 4, START, START.plus(WITHIN), "t");

    private static final PipelineSpec SPEC = SpecReader.read("shop.yaml", Rows.spec("shop"));

    private final Random random = new Random(3);

    private static Outcome outcome(String id, int version, Instant time, double loss) {
        long micros = EventTime.micros(time);
        return new Outcome(
                id,
                micros,
                micros,
                version,
                Role.SHADOW,
                loss,
                loss,
                loss,
                loss,
                new int[0],
                new Label(id, "", micros, micros, "", loss));
    }

    /** Ten rows an hour, on which the challenger's loss differs by a mean and some noise. */
    private List<Outcome> hours(int from, int to, double advantage) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int hour = from; hour < to; hour++) {
            for (int row = 0; row < 10; row++) {
                Instant time = START.plus(Duration.ofHours(hour)).plusSeconds(60L * row);
                String id = hour + "/" + row;
                double loss = 0.3 + 0.1 * random.nextGaussian();
                outcomes.add(outcome(id, 1, time, loss));
                outcomes.add(outcome(id, 2, time, loss - advantage + 0.1 * random.nextGaussian()));
            }
        }
        return outcomes;
    }

    private static Trial follow(List<Outcome> outcomes) {
        return Trial.begin(QUESTION, 1).follow(outcomes, 0);
    }

    private static Optional<Answer> answer(Trial trial, Duration after) {
        return trial.look(QUESTION, 4, START.plus(after), SPEC).decision();
    }

    @Test
    void challengerThatIsBetter_wins_asSoonAsThatIsSure() {
        List<Outcome> outcomes = hours(0, 96, 0.03);

        assertEquals(
                Optional.empty(), answer(follow(outcomes.subList(0, 200)), WITHIN.dividedBy(14)));
        Answer answer = answer(follow(outcomes), Duration.ofDays(4)).orElseThrow();

        assertTrue(answer.promote(), answer::reason);
        assertEquals("live labels", answer.by());
        assertTrue(
                answer.reason().startsWith("version 2 won against version 1: mean loss lower by"),
                answer.reason());
        assertTrue(answer.reason().endsWith("on 960 labelled rows"), answer.reason());
    }

    @Test
    void challengerThatIsWorse_loses_beforeItsTimeIsOver() {
        Answer answer = answer(follow(hours(0, 96, -0.03)), Duration.ofDays(4)).orElseThrow();

        assertFalse(answer.promote());
        assertTrue(
                answer.reason()
                        .startsWith("version 2 lost against version 1: mean loss lower by -"),
                answer.reason());
    }

    @Test
    void challengerThatIsAlike_doesNotWin_whenItsTimeIsOver() {
        Trial trial = follow(hours(0, 168, 0));

        assertEquals(Optional.empty(), answer(trial, WITHIN.minusSeconds(1)));
        Answer answer = answer(trial, WITHIN).orElseThrow();

        assertFalse(answer.promote());
        assertTrue(
                answer.reason().startsWith("version 2 did not surely beat version 1"),
                answer.reason());
    }

    @Test
    void noLabels_areANo_withTheReason() {
        Answer answer = answer(follow(hours(0, 2, 0.1)), WITHIN).orElseThrow();

        assertFalse(answer.promote());
        assertEquals(
                "20 labelled rows in 2 hours are too few to tell whether version 2 is better",
                answer.reason());
    }

    @Test
    void championThatChanged_endsTheTrial() {
        Trial trial = follow(hours(0, 96, 0.1));

        Answer answer =
                trial.look(QUESTION, 5, START.plus(Duration.ofDays(4)), SPEC)
                        .decision()
                        .orElseThrow();

        assertFalse(answer.promote());
        assertTrue(answer.reason().contains("was replaced meanwhile"), answer.reason());
    }

    @Test
    void order_andLooksInBetween_changeNothing() {
        List<Outcome> outcomes = hours(0, 48, 0.02);
        Trial whole = follow(outcomes);
        List<Outcome> shuffled = new ArrayList<>(outcomes);
        Collections.shuffle(shuffled, new Random(5));

        Trial parts = Trial.begin(QUESTION, 1);
        for (int from = 0; from < shuffled.size(); from += 37) {
            Trial kept = Json.read("trial", Json.write(parts), Trial.class);
            parts = kept.follow(shuffled.subList(from, Math.min(shuffled.size(), from + 37)), 0);
        }

        assertEquals(480, parts.rows());
        assertEquals(List.of(), parts.waiting());
        assertEquals(48, parts.hours().size());
        for (int hour = 0; hour < 48; hour++) {
            assertEquals(10, parts.hours().get(hour).rows());
            assertEquals(
                    whole.hours().get(hour).advantage(),
                    parts.hours().get(hour).advantage(),
                    1e-12);
        }
    }

    @Test
    void rowsThatOnlyOneVersionPredicted_waitUntilLabelsExpire_andOtherVersionsAreNoneOfIts() {
        List<Outcome> outcomes = List.of(outcome("a", 1, START, 0.1), outcome("a", 7, START, 0.9));

        Trial trial = Trial.begin(QUESTION, 1).follow(outcomes, 0);

        assertEquals(0, trial.rows());
        assertEquals(1, trial.waiting().size());
        assertEquals(List.of(), trial.follow(List.of(), EventTime.micros(START) + 1).waiting());
        assertEquals(1, trial.follow(List.of(outcome("a", 2, START, 0.3)), 0).rows());
    }

    /**
     * One row in a hundred comes true. The challenger never expects it, which looks best as long as
     * it hasn't come and is worse in truth: 0.01 against 0.001 where nothing comes.
     */
    @Test
    void challengerThatNeverExpectsTheRare_winsNoneOfAHundredTrials() {
        int won = 0;
        for (int run = 0; run < 100; run++) {
            boolean promoted = false;
            Trial trial = Trial.begin(QUESTION, 1);
            for (int hour = 0; hour < 100 && !promoted; hour++) {
                List<Outcome> outcomes = new ArrayList<>();
                for (int row = 0; row < 5; row++) {
                    int truth = random.nextInt(100) == 0 ? 1 : 0;
                    Instant time = START.plus(Duration.ofHours(hour)).plusSeconds(row);
                    String id = hour + "/" + row;
                    outcomes.add(outcome(id, 1, time, Math.pow(truth - 0.01, 2)));
                    outcomes.add(outcome(id, 2, time, Math.pow(truth - 0.001, 2)));
                }
                trial = trial.follow(outcomes, 0);
                promoted =
                        answer(trial, Duration.ofHours(hour + 1))
                                .filter(Answer::promote)
                                .isPresent();
            }
            won += promoted ? 1 : 0;
        }

        assertEquals(0, won);
    }

    @Test
    void hours_countOnceTheirLabelsAreDue() {
        PipelineSpec late =
                SpecReader.read(
                        "shop.yaml",
                        Rows.spec("shop")
                                .replace("positive: \"yes\"}", "positive: \"yes\", delay: P2D}"));
        List<Outcome> outcomes = hours(0, 96, 0.03);
        Trial trial = follow(outcomes);
        Trial due = follow(outcomes.subList(0, outcomes.size() / 2));
        Instant now = START.plus(Duration.ofDays(4));

        assertEquals(
                due.look(QUESTION, 4, now, SPEC).advantage(),
                trial.look(QUESTION, 4, now, late).advantage());
        assertEquals(
                trial.look(QUESTION, 4, now, SPEC).advantage(),
                trial.look(QUESTION, 4, now.plus(Duration.ofDays(2)), late).advantage());
    }
}

package dev.perennial.core.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.retrain.LiveLoss;
import dev.perennial.core.retrain.LiveLoss.Lost;
import dev.perennial.core.retrain.LiveWorth;
import dev.perennial.core.retrain.Worth;
import dev.perennial.core.spec.RetrainSpec;
import dev.perennial.core.spec.RetrainSpec.Budget;
import dev.perennial.core.spec.RetrainSpec.Cause;
import dev.perennial.core.trigger.StartRule.Facts;
import dev.perennial.core.trigger.Starts.Start;
import dev.perennial.core.trigger.TriggerEvent.AlarmRaised;
import dev.perennial.core.trigger.TriggerEvent.Scheduled;
import dev.perennial.core.trigger.TriggerEvent.Wish;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartRuleTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<Cause> CAUSES = List.of(Cause.SCHEDULE, Cause.ERROR_DRIFT);
    private static final RetrainSpec SPEC = spec(CAUSES, Optional.empty());
    private static final RetrainSpec AT_MOST_TEN_HOURS =
            spec(CAUSES, Optional.of(Duration.ofHours(10)));

    private static RetrainSpec spec(List<Cause> on, Optional<Duration> maxAge) {
        return new RetrainSpec(
                on,
                Duration.ofHours(6),
                2,
                Optional.of(new Budget(5, Duration.ofDays(30))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                maxAge);
    }

    private static Starts startedAt(Instant... moments) {
        Starts starts = Starts.NONE;
        for (Instant each : moments) {
            starts = starts.and(new Start("run", each, "{}", Optional.empty()));
        }
        return starts;
    }

    private static Optional<String> declines(TriggerEvent event, Starts starts) {
        return StartRule.declines(event, SPEC, facts(starts, Optional.empty()));
    }

    private static Instant hoursBeforeNoon(int hours) {
        return NOON.minus(Duration.ofHours(hours));
    }

    @Test
    void nothingInTheWay_starts() {
        assertEquals(Optional.empty(), declines(new Scheduled(NOON), Starts.NONE));
        assertEquals(
                Optional.empty(), declines(new Scheduled(NOON), startedAt(hoursBeforeNoon(6))));
    }

    @Test
    void cooldownAndDailyLimit_holdEventsUp_butNoPerson() {
        Wish wish = new Wish("t", "Ada", "a fix came", NOON);

        assertTrue(
                declines(new Scheduled(NOON), startedAt(hoursBeforeNoon(5)))
                        .orElseThrow()
                        .contains("started PT5H before, the cooldown is PT6H"));
        Starts two = startedAt(hoursBeforeNoon(23), hoursBeforeNoon(7));
        assertTrue(
                declines(new Scheduled(NOON), two)
                        .orElseThrow()
                        .contains("2 runs started within a day, the limit is 2"));
        assertEquals(
                Optional.empty(),
                declines(new Scheduled(NOON.plus(Duration.ofHours(2))), two),
                "a day has passed since the first");
        assertEquals(Optional.empty(), declines(wish, startedAt(hoursBeforeNoon(0))));
    }

    @Test
    void eventOlderThanTheLastStart_isDeclined() {
        assertTrue(
                declines(new Scheduled(hoursBeforeNoon(9)), startedAt(NOON))
                        .orElseThrow()
                        .contains("before the last run started"));
    }

    @Test
    void causeThatTheSpecDoesNotName_isDeclined() {
        assertEquals(
                Optional.of("it starts no run: retrain.on has schedule, errorDrift"),
                declines(new AlarmRaised("a", "FeatureDrift", NOON), Starts.NONE));
        assertTrue(declines(new AlarmRaised("a", "Beauty", NOON), Starts.NONE).isPresent());
        assertEquals(
                Optional.empty(), declines(new AlarmRaised("a", "ErrorDrift", NOON), Starts.NONE));
    }

    @Test
    void followUpThatIsDue_startsWithWhateverComes_butNotBeforeNorWithinTheCooldown() {
        AlarmRaised labels = new AlarmRaised("a", "NewLabels", NOON);
        Starts due =
                Starts.NONE.and(new Start("run", hoursBeforeNoon(48), "{}", Optional.of(NOON)));
        Starts early =
                Starts.NONE.and(
                        new Start(
                                "run",
                                hoursBeforeNoon(48),
                                "{}",
                                Optional.of(NOON.plusSeconds(1))));
        Starts cooling =
                Starts.NONE.and(new Start("run", hoursBeforeNoon(5), "{}", Optional.of(NOON)));

        assertEquals(Optional.empty(), declines(labels, due));
        assertEquals(
                Optional.empty(),
                StartRule.declines(labels, SPEC, facts(due, Optional.of(worth(1)))),
                "the reason for it is known");
        assertTrue(declines(labels, early).orElseThrow().contains("starts no run"));
        assertTrue(declines(labels, cooling).orElseThrow().contains("the cooldown is"));
    }

    @Test
    void runThatGoesOn_andSpentBudget_holdEverybodyUp() {
        for (TriggerEvent event :
                List.of(new Scheduled(NOON), new Wish("t", "Ada", "a fix came", NOON))) {
            assertTrue(
                    StartRule.declines(
                                    event,
                                    SPEC,
                                    new Facts(
                                            Starts.NONE,
                                            Optional.of("run-3"),
                                            Optional.empty(),
                                            0,
                                            Optional.empty()))
                            .orElseThrow()
                            .contains("run-3 goes on"));
            assertTrue(
                    StartRule.declines(
                                    event,
                                    SPEC,
                                    new Facts(
                                            Starts.NONE,
                                            Optional.empty(),
                                            Optional.empty(),
                                            5,
                                            Optional.empty()))
                            .orElseThrow()
                            .contains("the budget is 5.0000"));
        }
    }

    /** Ten errors a day at 0.2 USD, since so many days. */
    private static Worth worth(double days) {
        LocalDate today = NOON.atOffset(ZoneOffset.UTC).toLocalDate();
        LiveLoss loss = new LiveLoss(0.01, List.of(new Lost(today, 1_000, 10 * days)), 5_000);
        return new LiveWorth(loss, LocalDate.MIN, 0.2, 12);
    }

    @Test
    void runThatIsOverdue_startsWithWhateverComes_andWhateverItIsWorth() {
        for (TriggerEvent event :
                List.of(
                        new Scheduled(NOON),
                        new AlarmRaised("a", "ErrorDrift", NOON),
                        new AlarmRaised("a", "FeatureDrift", NOON))) {
            assertEquals(
                    Optional.empty(),
                    StartRule.declines(
                            event,
                            AT_MOST_TEN_HOURS,
                            facts(startedAt(hoursBeforeNoon(10)), Optional.of(worth(5)))));
        }
        assertTrue(
                StartRule.declines(
                                new Scheduled(NOON),
                                AT_MOST_TEN_HOURS,
                                facts(startedAt(hoursBeforeNoon(9)), Optional.of(worth(5))))
                        .orElseThrow()
                        .contains("isn't worth it yet"));
        assertTrue(
                StartRule.declines(
                                new AlarmRaised("a", "FeatureDrift", NOON),
                                AT_MOST_TEN_HOURS,
                                facts(startedAt(hoursBeforeNoon(9)), Optional.empty()))
                        .orElseThrow()
                        .contains("starts no run"));
        assertEquals(
                Optional.empty(),
                StartRule.exemption(
                        new Wish("t", "Ada", "a fix", NOON),
                        AT_MOST_TEN_HOURS,
                        facts(startedAt(hoursBeforeNoon(10)), Optional.empty())),
                "a person needs none");
    }

    @Test
    void runThatIsOverdue_isHeldUpByTheDailyLimit() {
        assertTrue(
                StartRule.declines(
                                new Scheduled(NOON),
                                AT_MOST_TEN_HOURS,
                                facts(
                                        startedAt(hoursBeforeNoon(20), hoursBeforeNoon(10)),
                                        Optional.empty()))
                        .orElseThrow()
                        .contains("the limit is 2"));
    }

    @Test
    void withoutACauseInTheSpec_theReasonSaysSo() {
        assertEquals(
                Optional.of("it starts no run: retrain.on has nothing"),
                StartRule.declines(
                        new Scheduled(NOON),
                        spec(List.of(), Optional.empty()),
                        facts(Starts.NONE, Optional.empty())));
    }

    private static Facts facts(Starts starts, Optional<Worth> worth) {
        return new Facts(starts, Optional.empty(), starts.last().map(Start::at), 0, worth);
    }

    private static Optional<String> weighed(TriggerEvent event, double days) {
        return StartRule.declines(event, SPEC, facts(Starts.NONE, Optional.of(worth(days))));
    }

    @Test
    void runThatIsntWorthItYet_isDeclined_withTheMoney_butNoPerson() {
        String reason = weighed(new Scheduled(NOON), 5).orElseThrow();

        assertTrue(reason.contains("isn't worth it yet"), reason);
        assertTrue(reason.contains("loses 2.00 USD a day more than a fresh one"), reason);
        assertTrue(reason.contains("10.00 USD since it began to; a run costs 12.00 USD"), reason);
        assertEquals(Optional.empty(), weighed(new Scheduled(NOON), 6), "it has paid for itself");
        assertEquals(Optional.empty(), weighed(new Wish("t", "Ada", "a fix", NOON), 5));
    }
}

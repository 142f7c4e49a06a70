package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.retrain.LiveLoss.Day;
import dev.perennial.core.retrain.LiveLoss.Tested;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveLossTest {
    private static final double RATE = 0.2;
    private static final Tested TESTED = new Tested(RATE, RATE * (1 - RATE), 2_000);
    private static final int PER_DAY = 1_000;
    private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);

    private static List<Day> days(long seed, int count, IntToDoubleFunction rate) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Day> days = new ArrayList<>();
        for (int age = 0; age < count; age++) {
            int wrong = 0;
            for (int row = 0; row < PER_DAY; row++) {
                wrong += random.nextDouble() < rate.applyAsDouble(age) ? 1 : 0;
            }
            days.add(new Day(FIRST.plusDays(age), PER_DAY, PER_DAY, wrong));
        }
        return days;
    }

    private static LiveLoss loss(List<Day> days) {
        return LiveLoss.of(days, TESTED).orElseThrow();
    }

    @Test
    void modelThatErrsAsTested_losesNextToNothing() {
        int lost = 0;
        for (int seed = 0; seed < 200; seed++) {
            // As much as one percent of all answers in four weeks.
            lost += lost(loss(days(seed, 28, _ -> RATE))) > 0.01 * 28 * PER_DAY ? 1 : 0;
        }
        assertTrue(lost <= 10, lost + " of 200");
    }

    @Test
    void jump_isWhatItCosts_fromTheSecondDayOn() {
        double sum = 0;
        double now = 0;
        for (int seed = 0; seed < 100; seed++) {
            LiveLoss found = loss(days(seed, 12, age -> age < 10 ? RATE : 0.3));
            sum += lost(found) / 100;
            now += found.excess() / 100;
        }
        assertEquals(2 * 0.1 * PER_DAY, sum, 40);
        assertEquals(0.1, now, 0.015);
    }

    /** After √(2λ/g) days a run has paid for itself (Harris 1913): 20 here. */
    @Test
    void slowAging_paysAtTheEconomicPeriod() {
        double gain = 0.002;
        double price = 0.4 * PER_DAY;
        double sum = 0;
        for (int seed = 0; seed < 50; seed++) {
            List<Day> days = days(seed, 60, age -> RATE + gain * age);
            int pays = 1;
            while (!new LiveWorth(loss(days.subList(0, pays)), LocalDate.MIN, 1, price).pays()) {
                pays++;
            }
            sum += pays / 50.0;
        }
        assertEquals(20, sum, 2.5);
    }

    @Test
    void modelThatDoesBetterThanTested_hasLostNothing() {
        LiveLoss found = loss(days(1, 20, _ -> 0.1));

        assertEquals(0, lost(found), 30);
        assertTrue(found.excess() < 0);
        assertTrue(!new LiveWorth(found, LocalDate.MIN, 1, 0).pays());
    }

    /** What was tested is of an older model, and much worse or better than what serves. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2, 0.45})
    void refittedModel_isComparedWithItself(double tested) {
        Tested old = new Tested(tested, tested * (1 - tested), 2_000);
        double sum = 0;
        int still = 0;
        for (int seed = 0; seed < 100; seed++) {
            List<Day> jump = days(seed, 12, age -> age < 10 ? RATE : 0.3);
            sum += lost(LiveLoss.ofRefitted(jump, old).orElseThrow()) / 100;
            List<Day> same = days(seed, 28, _ -> RATE);
            LiveLoss found = LiveLoss.ofRefitted(same, old).orElseThrow();
            still += lost(found) > 0.01 * 28 * PER_DAY ? 1 : 0;
        }

        assertEquals(2 * 0.1 * PER_DAY, sum, 60);
        assertTrue(still <= 5, still + " of 100");
    }

    @Test
    void whatWasLostBeforeTheLastRun_isPaidFor() {
        LiveLoss found = loss(days(1, 12, age -> age < 6 ? 0.4 : RATE));

        assertTrue(lost(found) > 1_000, found::toString);
        assertEquals(0, found.lostSince(FIRST.plusDays(8)), 60);
    }

    /** Labels come late: what is known of the days before counts for those without. */
    @Test
    void daysWithoutLabels_loseAsTheirNeighboursTell_andDaysWithoutAnswers_nothing() {
        List<Day> days = new ArrayList<>(days(1, 10, _ -> 0.3));
        days.remove(7);
        days.add(new Day(FIRST.plusDays(10), 3 * PER_DAY, 0, 0));

        LiveLoss found = loss(days);

        assertEquals(10, found.days().size());
        assertEquals(3 * 0.1 * PER_DAY, found.days().getLast().lost(), 80);
        assertEquals((9 + 3) * 0.1 * PER_DAY, lost(found), 150);
    }

    @Test
    void withoutALabel_nothingIsLost_andARunIsntWorthIt() {
        assertEquals(Optional.empty(), LiveLoss.of(List.of(), TESTED));
        Worth worth = new LiveWorth(loss(List.of(new Day(FIRST, 900, 0, 0))), LocalDate.MIN, 1, 20);

        assertTrue(!worth.pays());
        assertTrue(worth.words().startsWith("no label has come"), worth.words());
    }

    @Test
    void aModelWithoutErrorsInItsTest_losesByItsFirstOnes() {
        LiveLoss found =
                LiveLoss.of(days(1, 10, _ -> 0.1), new Tested(0, 1.0 / 500, 500)).orElseThrow();

        assertEquals(0.1, found.excess(), 0.02);
    }

    /** The unit of a regression's error doesn't matter. */
    @Test
    void lossesInThousandths_areSeenAsWell() {
        List<Day> days = new ArrayList<>();
        for (int age = 0; age < 10; age++) {
            days.add(new Day(FIRST.plusDays(age), PER_DAY, PER_DAY, PER_DAY * 0.002));
        }
        LiveLoss found = LiveLoss.of(days, new Tested(0.001, 1e-6, 1_000)).orElseThrow();

        assertEquals(0.001, found.excess(), 1e-4);
    }

    private static double lost(LiveLoss loss) {
        return loss.lostSince(LocalDate.MIN);
    }
}

package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.retrain.LiveLoss.Day;
import dev.perennial.core.retrain.LiveLoss.Tested;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class LiveLossTest {
    private static final double RATE = 0.2;
    private static final Tested TESTED = new Tested(RATE, RATE * (1 - RATE), 2_000);
    private static final int PER_DAY = 1_000;

    private static List<Day> days(long seed, int count, IntToDoubleFunction rate) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Day> days = new ArrayList<>();
        for (int age = 0; age < count; age++) {
            int wrong = 0;
            for (int row = 0; row < PER_DAY; row++) {
                wrong += random.nextDouble() < rate.applyAsDouble(age) ? 1 : 0;
            }
            days.add(new Day(age, PER_DAY, wrong));
        }
        return days;
    }

    private static LiveLoss loss(List<Day> days) {
        return LiveLoss.of(days, TESTED, PER_DAY).orElseThrow();
    }

    @Test
    void modelThatErrsAsTested_losesNextToNothing() {
        int lost = 0;
        for (int seed = 0; seed < 200; seed++) {
            // As much as one percent of all answers in four weeks.
            lost += loss(days(seed, 28, _ -> RATE)).lost() > 0.01 * 28 * PER_DAY ? 1 : 0;
        }
        assertTrue(lost <= 10, lost + " of 200");
    }

    @Test
    void jump_isWhatItCosts_fromTheSecondDayOn() {
        double sum = 0;
        double now = 0;
        for (int seed = 0; seed < 100; seed++) {
            LiveLoss found = loss(days(seed, 12, age -> age < 10 ? RATE : 0.3));
            sum += found.lost() / 100;
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
            while (!new Worth(loss(days.subList(0, pays)), 1, price).pays()) {
                pays++;
            }
            sum += pays / 50.0;
        }
        assertEquals(20, sum, 2.5);
    }

    @Test
    void modelThatDoesBetterThanTested_hasLostNothing() {
        LiveLoss found = loss(days(1, 20, _ -> 0.1));

        assertEquals(0, found.lost(), 30);
        assertTrue(found.excess() < 0);
        assertTrue(!new Worth(found, 1, 0).pays());
    }

    @Test
    void noLabel_isNoLoss_andOneOfAModelWithoutErrorsCounts() {
        assertEquals(Optional.empty(), LiveLoss.of(List.of(), TESTED, PER_DAY));
        LiveLoss found =
                LiveLoss.of(List.of(new Day(0, 1, 1)), new Tested(0, 0, 500), PER_DAY)
                        .orElseThrow();

        assertTrue(found.excess() >= 0 && Double.isFinite(found.lost()), found::toString);
    }
}

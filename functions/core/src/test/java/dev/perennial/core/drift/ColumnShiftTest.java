package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reports tables of {@code docs/drift.md}. */
class ColumnShiftTest {
    private static final int DAY = 240;
    private static final int WEEK = 7 * DAY;
    private static final int TRAINING = 6 * WEEK;
    private static final int SERIES = 60;

    @ParameterizedTest
    @CsvSource({
        "3000, 50, 3000",
        "3000, 200, 3000",
        "3000, 5000, 500",
        "40000, 50, 500",
        "40000, 1000, 500",
        "40000, 50000, 200"
    })
    void noDrift_alarmsNoMoreOftenThanDeclared(int reference, int live, int draws) {
        double[] rates = {0.01, 0.001};
        int[] alarms = new int[rates.length];
        for (int seed = 0; seed < draws; seed++) {
            RandomGenerator random = Draws.seeded(seed);
            NumberProfile before = numbers(Draws.normal(random, reference));
            NumberProfile now = numbers(Draws.normal(random, live));
            for (int i = 0; i < rates.length; i++) {
                alarms[i] += alarm(before, now, DesignEffects.none(), rates[i]);
            }
        }
        Draws.report(
                "| all aspects | %,d | %,d | %,d | %.2f %% | %.2f %% |",
                reference, live, draws, 100.0 * alarms[0] / draws, 100.0 * alarms[1] / draws);
        for (int i = 0; i < rates.length; i++) {
            assertTrue(alarms[i] <= Draws.most(draws, rates[i]), alarms[i] + " at " + rates[i]);
        }
    }

    /** Where a value that 1 of 200 rows has counts for much. */
    @ParameterizedTest
    @CsvSource({"0.005, 50, 3000", "0.005, 1000, 1000", "0.1, 50, 3000", "0.5, 200, 1000"})
    void noDrift_ofTwoValues_asWell(double share, int live, int draws) {
        int alarms = 0;
        for (int seed = 0; seed < draws; seed++) {
            RandomGenerator random = Draws.seeded(seed);
            NumberProfile before = numbers(ones(random, 10_000, share));
            NumberProfile now = numbers(ones(random, live, share));
            alarms += alarm(before, now, DesignEffects.none(), 0.001);
        }
        assertTrue(alarms <= Draws.most(draws, 0.001), alarms + " alarms");
    }

    static Stream<Arguments> seasons() {
        return Stream.of(50, 80, DAY / 2, DAY, 2 * DAY + 77, WEEK)
                .flatMap(rows ->
                        Stream.of(
                                series("hours", rows, ColumnShiftTest::hours),
                                series("a night of each week", rows, ColumnShiftTest::nights),
                                series(
                                        "lasting .9",
                                        rows,
                                        random -> Draws.lasting(random, TRAINING + WEEK, 0.9))));
    }

    /**
     * Live traffic begins with the new champion, always in the same hour of the week, and grows to
     * a week; six weeks of training know that hour.
     */
    @ParameterizedTest(name = "{0}, first {1} rows")
    @MethodSource("seasons")
    void seasons_ofTheDayAndTheWeek_areNoDrift_howeverShortTheWindow(
            String name, int rows, Function<RandomGenerator, double[]> series) {
        double[] rates = {0.001, 0.0001};
        int[] alarms = new int[rates.length];
        int unaware = 0;
        for (int seed = 0; seed < SERIES; seed++) {
            double[] values = series.apply(Draws.seeded(seed));
            NumberColumn training = new NumberColumn("x", Arrays.copyOf(values, TRAINING));
            NumberProfile before = NumberProfile.of(training);
            DesignEffects effects = DesignEffects.of(training, before, WEEK);
            NumberProfile now = numbers(Arrays.copyOfRange(values, TRAINING, TRAINING + rows));
            for (int i = 0; i < rates.length; i++) {
                alarms[i] += alarm(before, now, effects, rates[i]);
            }
            unaware += alarm(before, now, DesignEffects.none(), rates[0]);
        }
        Draws.report(
                "| %s | %,d | %.1f %% | %.1f %% | %.1f %% |",
                name,
                rows,
                100.0 * unaware / SERIES,
                100.0 * alarms[0] / SERIES,
                100.0 * alarms[1] / SERIES);
        for (int i = 0; i < rates.length; i++) {
            assertTrue(alarms[i] <= Draws.most(SERIES, rates[i]), alarms[i] + " at " + rates[i]);
        }
    }

    /** In much traffic half a day more than a week is seen, where a whole week cancels. */
    @Test
    void halfADayMoreThanAWeek_isNoDrift() {
        int day = 4_000;
        int alarms = 0;
        for (int seed = 0; seed < 6; seed++) {
            double[] values = Draws.daily(Draws.seeded(seed), 64 * day, day);
            NumberColumn training = new NumberColumn("x", Arrays.copyOf(values, 56 * day));
            NumberProfile before = NumberProfile.of(training);
            DesignEffects effects = DesignEffects.of(training, before, 8 * day);
            for (double days : new double[] {7, 7.25, 7.5, 7.75}) {
                double[] live =
                        Arrays.copyOfRange(
                                values, 56 * day, 56 * day + (int) Math.round(days * day));
                alarms += alarm(before, numbers(live), effects, 1e-4);
            }
        }
        assertEquals(0, alarms);
    }

    @Test
    void shiftsOfMeanAndSpread_areFoundInFewerRows_thanByTheIndexAlone() {
        assertFound("mean", random -> random.nextGaussian() + 0.15, Aspect.LOCATION, 0.95);
        assertFound("spread", random -> 1.15 * random.nextGaussian(), Aspect.SPREAD, 0.85);
    }

    private static void assertFound(
            String what, ToDoubleFunction<RandomGenerator> value, Aspect aspect, double least) {
        int found = 0;
        int byIndex = 0;
        int named = 0;
        for (int seed = 0; seed < 200; seed++) {
            RandomGenerator random = Draws.seeded(seed);
            NumberProfile before = numbers(Draws.normal(random, 20_000));
            NumberProfile now =
                    numbers(
                            DoubleStream.generate(() -> value.applyAsDouble(random))
                                    .limit(2_000)
                                    .toArray());
            ColumnShift shift = shift(before, now, DesignEffects.none(), 1e-4);
            found += shift.strongest().ratio() >= 1 ? 1 : 0;
            named += shift.strongest().aspect() == aspect ? 1 : 0;
            byIndex +=
                    PopulationStability.of(before, now, DesignEffect.none(), 1e-4)
                                    .orElseThrow()
                                    .alarming()
                            ? 1
                            : 0;
        }
        Draws.report("| %s | %.1f %% | %.1f %% |", what, found / 2.0, byIndex / 2.0);
        assertTrue(named > 150, "strongest in " + named);
        assertTrue(found >= least * 200, what + ": " + found);
        assertTrue(found > byIndex, "%d, by the index %d".formatted(found, byIndex));
    }

    @Test
    void constantColumn_andAllMissing_haveNoDirection_butSharesStill() {
        double[] gone = new double[500];
        Arrays.fill(gone, Double.NaN);
        for (double[] values : new double[][] {new double[500], gone}) {
            NumberProfile column = numbers(values);

            ColumnShift same = shift(column, column, DesignEffects.none(), 0.01);
            ColumnShift other =
                    shift(
                            column,
                            numbers(Draws.normal(Draws.seeded(1), 500)),
                            DesignEffects.none(),
                            0.01);

            assertEquals(1, same.compared().size());
            assertEquals(0, same.strongest().value());
            assertTrue(other.strongest().ratio() >= 1);
        }
    }

    /** A customer number, and a word's: the sketch forgets most of the values, and says so. */
    @ParameterizedTest
    @CsvSource({"0, 200", "0, 20000", "1, 200", "1, 20000"})
    void noDrift_ofACategoryWithAMillionValues(int skewed, int live) {
        int values = 1_000_000;
        List<String> dictionary = IntStream.range(0, values).mapToObj(Integer::toString).toList();
        int alarms = 0;
        for (int seed = 0; seed < 10; seed++) {
            RandomGenerator random = Draws.seeded(seed);
            IntFunction<CategoryProfile> rows =
                    count -> {
                        int[] codes = new int[count];
                        Arrays.setAll(
                                codes,
                                _ ->
                                        skewed == 1
                                                ? (int) Math.pow(values, random.nextDouble()) - 1
                                                : random.nextInt(values));
                        return CategoryProfile.of(new CategoryColumn("who", codes, dictionary));
                    };
            alarms += alarm(rows.apply(100_000), rows.apply(live), DesignEffects.none(), 0.001);
        }
        assertEquals(0, alarms);
    }

    @Test
    void aSampleOfTheReferenceItself_isNoDrift() {
        double[] values = Draws.normal(Draws.seeded(1), 4_000);
        NumberProfile reference = numbers(values);

        ColumnShift shift =
                shift(reference, numbers(Arrays.copyOf(values, 400)), DesignEffects.none(), 0.01);

        assertTrue(shift.strongest().ratio() < 1, shift::toString);
    }

    @Test
    void noRows_giveNothing_andSenselessRatesAreRefused() {
        NumberProfile some = numbers(1, 2, 3);
        assertEquals(Optional.empty(), ColumnShift.of(some, numbers(), DesignEffects.none(), 0.01));
        assertThrows(
                IllegalArgumentException.class,
                () -> ColumnShift.of(some, some, DesignEffects.none(), 0));
    }

    @Test
    void effects_surviveAsJson() {
        NumberColumn column = new NumberColumn("x", Draws.lasting(Draws.seeded(1), 2_000, 0.9));
        DesignEffects effects = DesignEffects.of(column, NumberProfile.of(column), 200);

        assertEquals(3, effects.byAspect().size());
        assertEquals(effects, Json.read("effects", Json.write(effects), DesignEffects.class));
    }

    private static Arguments series(
            String name, int rows, Function<RandomGenerator, double[]> series) {
        return Arguments.of(name, rows, series);
    }

    /** From midnight on: a sine of the day as large as the noise, weaker at the end of the week. */
    private static double[] hours(RandomGenerator random) {
        double[] values = new double[TRAINING + WEEK];
        for (int i = 0; i < values.length; i++) {
            double size = i % WEEK < 5 * DAY ? 1 : 0.5;
            values[i] = size * Math.sin(2 * Math.PI * i / DAY) + random.nextGaussian();
        }
        return values;
    }

    /** Nothing happens but in the first three hours of each week, and there live traffic begins. */
    private static double[] nights(RandomGenerator random) {
        double[] values = new double[TRAINING + WEEK];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % WEEK < DAY / 8 ? 3 : 0) + random.nextGaussian();
        }
        return values;
    }

    private static double[] ones(RandomGenerator random, int rows, double share) {
        double[] values = new double[rows];
        Arrays.setAll(values, _ -> random.nextDouble() < share ? 1 : 0);
        return values;
    }

    private static int alarm(
            ColumnProfile before, ColumnProfile now, DesignEffects effects, double rate) {
        return shift(before, now, effects, rate).strongest().ratio() >= 1 ? 1 : 0;
    }

    private static ColumnShift shift(
            ColumnProfile before, ColumnProfile now, DesignEffects effects, double rate) {
        return ColumnShift.of(before, now, effects, rate).orElseThrow();
    }

    private static NumberProfile numbers(double... values) {
        return PopulationStabilityTest.numbers(values);
    }
}

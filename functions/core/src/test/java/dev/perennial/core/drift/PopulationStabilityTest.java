package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports a table of {@code docs/drift.md}. */
class PopulationStabilityTest {
    private static final DesignEffect NONE = DesignEffect.none();

    @Test
    void neverNegative_andZeroForEqualProfiles() {
        for (int seed = 0; seed < 200; seed++) {
            RandomGenerator random = Draws.seeded(seed);
            NumberProfile a = numbers(sample(random));
            NumberProfile b = numbers(sample(random));

            assertTrue(PopulationStability.index(a, b) >= 0);
            assertEquals(0, PopulationStability.index(a, a));
            // Equal shares but for the sketch's error, a third of what chance makes of ten bins.
            assertEquals(0, PopulationStability.index(a, a.merge(a)), 5.0 / a.rows());
        }
    }

    @Test
    void byHand_twoCategoriesAndOneMissing() {
        CategoryProfile reference = categories("a", "a", "a", "b");
        CategoryProfile live = categories("a", "b", "b", "");

        double row = 0.25;
        double expected =
                (0.25 - 0.75) * Math.log((0.25 + row) / (0.75 + row))
                        + (0.5 - 0.25) * Math.log((0.5 + row) / (0.25 + row))
                        + 0.25 * Math.log((0.25 + row) / row);
        assertEquals(expected, PopulationStability.index(reference, live), 1e-12);
    }

    @Test
    void mergedDays_areTheWhole_withinTheSketchsError() {
        NumberProfile reference = numbers(Draws.normal(Draws.seeded(1), 20_000));
        for (int seed = 2; seed < 22; seed++) {
            double[] week = Draws.normal(Draws.seeded(seed), 7_000);
            NumberProfile merged =
                    IntStream.range(0, 7)
                            .mapToObj(day ->
                                    numbers(
                                            Arrays.copyOfRange(
                                                    week, day * 1_000, day * 1_000 + 1_000)))
                            .reduce(NumberProfile::merge)
                            .orElseThrow();

            // An index by chance is about 0.002; a fifth of that is the sketch's.
            assertEquals(
                    PopulationStability.index(reference, numbers(week)),
                    PopulationStability.index(reference, merged),
                    4e-4);
        }
    }

    /**
     * References of each size, live windows from 50 to 50,000 rows, all through sketches. Per draw
     * of a reference one window: a reference that happens to be odd would else be counted often.
     */
    @ParameterizedTest
    @CsvSource({
        "3000, 50, 3000", "3000, 200, 3000", "3000, 1000, 2000", "3000, 5000, 500",
        "10000, 100, 1500", "10000, 2000, 1500", "40000, 50, 500", "40000, 1000, 500",
        "40000, 10000, 400", "40000, 50000, 300"
    })
    void noDrift_exceedsThreshold_noMoreOftenThanDeclared(int reference, int live, int draws) {
        assertHolds("numbers", reference, live, draws, PopulationStabilityTest::normal);
    }

    @ParameterizedTest
    @CsvSource({"3000, 50, 3000", "3000, 1000, 2000", "40000, 200, 1000", "40000, 50000, 400"})
    void noDrift_ofFewValuesWithManyMissing_asWell(int reference, int live, int draws) {
        assertHolds("few values", reference, live, draws, PopulationStabilityTest::fewValues);
    }

    /** A value of the 0.7 % that one centroid holds, and days merged from hours. */
    @ParameterizedTest
    @CsvSource({"3000, 960, 1000", "40000, 9600, 500", "40000, 48000, 300"})
    void noDrift_ofManyTies_mergedFromHours_asWell(int reference, int live, int draws) {
        assertHolds("ties", reference, live, draws, PopulationStabilityTest::ties);
    }

    @ParameterizedTest
    @CsvSource({"3000, 50, 3000", "3000, 1000, 2000", "40000, 200, 1000", "40000, 50000, 400"})
    void noDrift_ofRareCategories_asWell(int reference, int live, int draws) {
        assertHolds("categories", reference, live, draws, random -> rows -> rare(random, rows));
    }

    private static void assertHolds(
            String what,
            int reference,
            int live,
            int draws,
            Function<RandomGenerator, IntFunction<ColumnProfile>> column) {
        int[] alarms = new int[2];
        double[] rates = {0.01, 0.001};
        for (int seed = 0; seed < draws; seed++) {
            IntFunction<ColumnProfile> rows = column.apply(Draws.seeded(seed));
            ColumnProfile of = rows.apply(reference);
            ColumnProfile window = rows.apply(live);
            for (int i = 0; i < rates.length; i++) {
                alarms[i] += stability(of, window, NONE, rates[i]).alarming() ? 1 : 0;
            }
        }
        Draws.report(
                "| %s | %,d | %,d | %,d | %.2f %% | %.2f %% |",
                what, reference, live, draws, 100.0 * alarms[0] / draws, 100.0 * alarms[1] / draws);
        for (int i = 0; i < rates.length; i++) {
            assertTrue(
                    alarms[i] <= Draws.most(draws, rates[i]),
                    alarms[i] + " alarms of " + draws + " at " + rates[i]);
        }
    }

    /** Two bins are binomial, so that tails no simulation reaches can be summed. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.2, 0.1, 0.02, 0.005})
    void twoBins_exceedThreshold_noMoreOftenThanDeclared_downToOneInAMillion(double share) {
        double m = 1e7;
        for (int n : new int[] {50, 100, 200, 500, 1_000, 5_000}) {
            for (double rate : new double[] {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
                BinomialDistribution counts = BinomialDistribution.of(n, share);
                double exceeding = 0;
                for (int x = 0; x <= n; x++) {
                    BinnedSamples samples =
                            new BinnedSamples(
                                    new double[] {m * share, m * (1 - share)},
                                    new double[] {x, n - x});
                    double threshold = NONE.threshold(new Measure.Stability(), samples, rate);
                    exceeding += samples.index() > threshold ? counts.probability(x) : 0;
                }
                assertTrue(
                        exceeding <= 1.2 * rate, "n %d, rate %s: %s".formatted(n, rate, exceeding));
            }
        }
    }

    @Test
    void realDrift_isFound_theSoonerTheMoreRows() {
        int found = 0;
        int missing = 0;
        for (int seed = 0; seed < 100; seed++) {
            RandomGenerator random = Draws.seeded(seed);
            NumberProfile reference = numbers(Draws.normal(random, 10_000));
            double[] live = Draws.normal(random, 1_000);
            double[] gone = live.clone();
            Arrays.fill(gone, 0, 15, Double.NaN);
            Arrays.setAll(live, i -> live[i] + 0.3);

            found += stability(reference, numbers(live), NONE, 1e-5).alarming() ? 1 : 0;
            missing += stability(reference, numbers(gone), NONE, 1e-5).alarming() ? 1 : 0;
        }
        assertTrue(found >= 95, "a shift of 0.3 deviations: " + found);
        assertEquals(100, missing, "15 of 1,000 values missing where none ever was");
    }

    @Test
    void record_saysWhatWasCompared() {
        PopulationStability found =
                stability(categories("a", "a", "b"), categories("a", "b"), NONE, 0.01);

        assertEquals(4, found.bins());
        assertEquals(2, found.rows());
        assertEquals(0.01, found.falseAlarmRate());
        assertFalse(found.alarming());
    }

    @Test
    void windowThatCannotReachTheThreshold_isBlind() {
        NumberProfile reference = numbers(Draws.normal(Draws.seeded(1), 1_000));
        NumberProfile live = numbers(Draws.normal(Draws.seeded(2), 20));
        double[] far = new double[20];
        Arrays.fill(far, 2);

        assertTrue(stability(reference, live, NONE, 1e-6).blind());
        assertFalse(stability(reference, numbers(far), NONE, 1e-6).alarming());
        assertFalse(stability(reference, live, NONE, 0.01).blind());
        assertTrue(stability(reference, numbers(far), NONE, 0.01).alarming());
    }

    @Test
    void allMissingInTheReference_isComparedToo() {
        double[] gone = new double[3_000];
        Arrays.fill(gone, Double.NaN);

        assertTrue(
                stability(numbers(gone), numbers(Draws.normal(Draws.seeded(1), 100)), NONE, 1e-6)
                        .alarming());
        assertFalse(stability(numbers(gone), numbers(gone), NONE, 0.5).alarming());
    }

    @Test
    void noRows_giveNothing_andOtherTypes_areRefused() {
        NumberProfile some = numbers(1, 2, 3);
        NumberProfile none = numbers();
        assertEquals(Optional.empty(), PopulationStability.of(none, some, NONE, 0.01));
        assertEquals(Optional.empty(), PopulationStability.of(some, none, NONE, 0.01));
        assertEquals(0, PopulationStability.index(some, none));
        assertRefused("number column in the reference", some, categories("a"), 0.01);
        assertRefused("category column in the reference", categories("a"), some, 0.01);
        TimeProfile time = TimeProfile.of(new TimeColumn("at", new long[] {1, 2}));
        assertRefused("at is a time column", time, time, 0.01);
        assertRefused("but is 0.0", some, some, 0);
    }

    private static void assertRefused(
            String said, ColumnProfile reference, ColumnProfile live, double rate) {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> PopulationStability.of(reference, live, NONE, rate))
                        .getMessage();
        assertTrue(message.contains(said), message);
    }

    static PopulationStability stability(
            ColumnProfile reference, ColumnProfile live, DesignEffect effect, double rate) {
        return PopulationStability.of(reference, live, effect, rate).orElseThrow();
    }

    static NumberProfile numbers(double... values) {
        return NumberProfile.of(new NumberColumn("x", values));
    }

    private static IntFunction<ColumnProfile> normal(RandomGenerator random) {
        return rows -> numbers(Draws.normal(random, rows));
    }

    /** Counts from 0 to 8, some far more frequent than others, a fifth of them missing. */
    private static IntFunction<ColumnProfile> fewValues(RandomGenerator random) {
        return rows ->
                numbers(
                        random.doubles(rows)
                                .map(u ->
                                        u < 0.2
                                                ? Double.NaN
                                                : Math.floor((u - 0.2) * (u - 0.2) * 14))
                                .toArray());
    }

    private static IntFunction<ColumnProfile> ties(RandomGenerator random) {
        return rows ->
                IntStream.range(0, 24)
                        .mapToObj(hour ->
                                numbers(
                                        random.doubles(rows / 24)
                                                .map(u -> Math.floor(140 * u))
                                                .toArray()))
                        .reduce(NumberProfile::merge)
                        .orElseThrow();
    }

    private static double[] sample(RandomGenerator random) {
        int rows = random.nextInt(1, 400);
        double centre = random.nextDouble(3);
        return random.doubles(rows)
                .map(u -> u < 0.1 ? Double.NaN : centre + (u < 0.5 ? Math.floor(8 * u) : u))
                .toArray();
    }

    /** Forty values, the k-th 1/k² as frequent as the first. */
    private static CategoryProfile rare(RandomGenerator random, int rows) {
        int[] codes = new int[rows];
        for (int i = 0; i < rows; i++) {
            codes[i] = (int) Math.min(39, 1 / random.nextDouble(0.02, 1)) - 1;
        }
        List<String> values = IntStream.range(0, 50).mapToObj(i -> "v" + i).toList();
        return CategoryProfile.of(new CategoryColumn("kind", codes, values));
    }

    private static CategoryProfile categories(String... values) {
        List<String> dictionary =
                Arrays.stream(values).filter(each -> !each.isEmpty()).distinct().toList();
        int[] codes =
                Arrays.stream(values)
                        .mapToInt(each ->
                                each.isEmpty() ? CategoryColumn.MISSING : dictionary.indexOf(each))
                        .toArray();
        return CategoryProfile.of(new CategoryColumn("kind", codes, dictionary));
    }
}

package dev.perennial.core.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.Samples;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class TableProfileTest {
    /** The fixture allows a rank error of 0.01 in the middle, 0.002 in the outer twentieths. */
    @TestFactory
    List<DynamicTest> quantiles_lieWithinTheirRankErrorOfNumpys() {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode fixture = Fixtures.read("metric/quantiles.json");
        for (String name : fixture.propertyNames()) {
            double[] values = Fixtures.doubles(fixture.get(name).get("values"));
            NumberProfile whole = numbers(values);
            NumberProfile merged =
                    IntStream.range(0, 10)
                            .mapToObj(i ->
                                    numbers(Arrays.copyOfRange(values, i * 200, (i + 1) * 200)))
                            .reduce(NumberProfile::merge)
                            .orElseThrow();
            for (JsonNode point : fixture.get(name).get("quantiles")) {
                double q = point.get("q").doubleValue();
                double low = point.get("low").doubleValue();
                double high = point.get("high").doubleValue();
                for (NumberProfile each : List.of(whole, merged)) {
                    tests.add(
                            DynamicTest.dynamicTest(
                                    "%s %s %s"
                                            .formatted(name, q, each == whole ? "whole" : "merged"),
                                    () -> {
                                        double found = each.quantile(q);
                                        double rounding = 1e-12 * Math.abs(high);
                                        assertTrue(
                                                low - rounding <= found && found <= high + rounding,
                                                low + " ≤ " + found + " ≤ " + high);
                                    }));
                }
            }
        }
        assertEquals(4 * 11 * 2, tests.size());
        return tests;
    }

    @Test
    void moments_areThoseOfTheValues_nullsLeftOut() {
        NumberProfile profile = numbers(1, Double.NaN, 2, 3, 0, Double.NaN, 4);

        assertEquals(5, profile.count());
        assertEquals(2, profile.nulls());
        assertEquals(7, profile.rows());
        assertEquals(2.0 / 7, profile.nullShare());
        assertEquals(0, profile.min());
        assertEquals(4, profile.max());
        assertEquals(2, profile.mean(), 1e-15);
        assertEquals(2, profile.variance(), 1e-15);
        assertEquals(1, profile.zeros());
        assertEquals(5, profile.distinct());
        assertEquals(2, profile.quantile(0.5), 1e-12);
    }

    @Test
    void nulls_areNeverValues_ofAnyKind() {
        TableProfile profile =
                TableProfile.of(
                        new Table(
                                List.of(
                                        new NumberColumn("x", new double[] {Double.NaN, 5}),
                                        Samples.categories("kind", "", "a"),
                                        new TimeColumn(
                                                "at", new long[] {TimeColumn.MISSING, -7}))));

        assertEquals(3, profile.columns().size());
        for (ColumnProfile each : profile.columns()) {
            assertEquals(1, each.count(), each.name());
            assertEquals(1, each.nulls(), each.name());
        }
        assertEquals(5, profile.number("x").orElseThrow().min());
        assertEquals(List.of(new Frequency("a", 1)), profile.category("kind").orElseThrow().top(9));
        assertEquals(1, profile.category("kind").orElseThrow().distinct());
        assertEquals(-7, profile.times().getFirst().min());
        assertEquals(-7, profile.times().getFirst().max());
    }

    @Test
    void columnOfNullsOnly_hasNoValueAndNoQuantile() {
        NumberProfile profile = numbers(Double.NaN, Double.NaN);

        assertEquals(0, profile.count());
        assertEquals(1, profile.nullShare());
        assertEquals(0, profile.distinct());
        assertArrayEquals(new double[] {0}, profile.histogram(10));
        assertArrayEquals(new double[] {0, 0}, profile.shares(new double[] {1}));
        assertThrows(IllegalStateException.class, () -> profile.quantile(0.5));
        assertEquals(0, categories("", "").share("a"));
    }

    @Test
    void constantColumn_hasOneBinAndOneQuantile() {
        NumberProfile profile = numbers(0.1, 0.1, 0.1);

        assertEquals(0.1, profile.quantile(0.01));
        assertEquals(0.1, profile.quantile(0.99));
        assertEquals(0, profile.variance());
        assertEquals(1, profile.distinct());
        assertArrayEquals(new double[] {3}, profile.histogram(10));
    }

    @Test
    void partsMerged_areTheWhole_inAnyOrder() {
        SplittableRandom random = new SplittableRandom(31);
        for (int draw = 0; draw < 50; draw++) {
            Table table = table(random, random.nextInt(3, 2_000));
            int first = random.nextInt(table.rows());
            int second = random.nextInt(first, table.rows());
            TableProfile a = TableProfile.of(table.range(0, first));
            TableProfile b = TableProfile.of(table.range(first, second));
            TableProfile c = TableProfile.of(table.range(second, table.rows()));
            TableProfile whole = TableProfile.of(table);

            assertAlike(whole, a.merge(b).merge(c));
            assertAlike(whole, a.merge(b.merge(c)));
            assertAlike(whole, c.merge(b).merge(a));
            assertArrayEquals(
                    a.merge(b).numbers().getFirst().digest(),
                    b.merge(a).numbers().getFirst().digest());
        }
    }

    @Test
    void empty_isTheIdentityOfMerging() {
        Table table = table(new SplittableRandom(1), 500);
        TableProfile whole = TableProfile.of(table);
        TableProfile empty = TableProfile.of(table.range(0, 0));

        assertArrayEquals(
                whole.numbers().getFirst().digest(),
                whole.merge(empty).numbers().getFirst().digest());
        assertAlike(whole, whole.merge(empty));
        assertAlike(whole, empty.merge(whole));
        assertEquals(0, empty.merge(empty).rows());
    }

    @Test
    void profilesOfDifferentColumns_areNotMerged() {
        TableProfile x = TableProfile.of(new Table(List.of(new NumberColumn("x", new double[1]))));
        TableProfile y = TableProfile.of(new Table(List.of(new NumberColumn("y", new double[1]))));

        assertThrows(IllegalArgumentException.class, () -> x.merge(y));
    }

    @Test
    void json_isReadBack_andTheSameBytesAreWrittenTwice() {
        Table table = table(new SplittableRandom(2), 1_500);
        TableProfile profile = TableProfile.of(table);
        byte[] json = profile.toJson();

        TableProfile back = TableProfile.fromJson(json);

        assertAlike(profile, back);
        assertEquals(
                profile.numbers().getFirst().quantile(0.3),
                back.numbers().getFirst().quantile(0.3));
        assertArrayEquals(json, back.toJson());
        assertArrayEquals(json, TableProfile.of(table).toJson());
    }

    @Test
    void mergingTwice_writesTheSameBytes() {
        Table table = table(new SplittableRandom(3), 1_500);
        TableProfile a = TableProfile.of(table.range(0, 700));
        TableProfile b = TableProfile.of(table.range(700, 1_500));

        assertArrayEquals(a.merge(b).toJson(), a.merge(b).toJson());
    }

    @Test
    void whatIsNoProfile_isRefused() {
        for (String json : List.of("", "{}", "[]", "{\"rows\":1}")) {
            assertThrows(
                    MalformedJsonException.class,
                    () -> TableProfile.fromJson(json.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void hugeAndTinyNumbers_keepTheirOrderAndSurviveJson() {
        for (double[] values :
                List.of(
                        new double[] {1e300, -1e300, 3, 0},
                        new double[] {Double.MAX_VALUE, -Double.MAX_VALUE, 1},
                        new double[] {Double.MIN_VALUE, 2 * Double.MIN_VALUE, 0},
                        new double[] {1e-310, 2e-310, 5e-310},
                        new double[] {1e15, 1e15 + 0.125},
                        new double[] {-0.0, 0.0})) {
            NumberProfile profile = numbers(values);
            String which = Arrays.toString(values);

            assertEquals(Arrays.stream(values).min().orElseThrow(), profile.min(), which);
            assertEquals(Arrays.stream(values).max().orElseThrow(), profile.max(), which);
            double middle = profile.quantile(0.5);
            assertTrue(profile.min() <= middle && middle <= profile.max(), which + " " + middle);
            assertTrue(
                    profile.min() <= profile.mean() && profile.mean() <= profile.max(),
                    which + " mean " + profile.mean());
            assertEquals(values.length, Arrays.stream(profile.histogram(7)).sum(), 1e-9, which);
            TableProfile table =
                    new TableProfile(values.length, List.of(profile), List.of(), List.of());
            assertArrayEquals(
                    table.toJson(), TableProfile.fromJson(table.toJson()).toJson(), which);
            NumberProfile merged = profile.merge(profile);
            assertTrue(
                    merged.min() <= merged.mean() && merged.mean() <= merged.max(),
                    which + " merged mean " + merged.mean());
        }
    }

    @Test
    void histogram_sumsToTheCount() {
        SplittableRandom random = new SplittableRandom(6);
        for (int draw = 0; draw < 200; draw++) {
            double scale = Math.pow(10, random.nextInt(-12, 12));
            double[] values =
                    random.doubles(random.nextInt(1, 500))
                            .map(each -> Math.rint(each * 50) * scale)
                            .toArray();
            int bins = random.nextInt(1, 40);

            double[] histogram = numbers(values).histogram(bins);

            assertTrue(histogram.length == bins || histogram.length == 1);
            assertTrue(Arrays.stream(histogram).allMatch(each -> each >= -1e-9));
            assertEquals(values.length, Arrays.stream(histogram).sum(), 1e-9 * values.length);
        }
    }

    @Test
    void frequentValues_areCountedExactly_whereTheyAreFew() {
        CategoryProfile profile = categories("b", "a", "b", "", "c", "a", "b");

        assertEquals(
                List.of(new Frequency("b", 3), new Frequency("a", 2), new Frequency("c", 1)),
                profile.top(10));
        assertEquals(List.of(new Frequency("b", 3)), profile.top(1));
        assertEquals(0.5, profile.share("b"));
        assertEquals(0, profile.share("never"));
        assertEquals(3, profile.distinct());
    }

    @Test
    void manyDistinctValues_areEstimatedWithinFivePercent_andTheFrequentOneIsFound() {
        int rows = 100_000;
        List<String> dictionary = IntStream.range(0, 50_000).mapToObj(i -> "id" + i).toList();
        int[] codes = IntStream.range(0, rows).map(row -> row % 2 == 0 ? row / 2 : 7).toArray();

        CategoryProfile profile = CategoryProfile.of(new CategoryColumn("id", codes, dictionary));

        assertEquals(50_000, profile.distinct(), 2_500);
        assertEquals("id7", profile.top(1).getFirst().value());
        assertEquals(0.5, profile.share("id7"), 0.01);
    }

    @Test
    void longTexts_countByTheirBeginning_andWholeCharactersStay() {
        String smiles = "x" + "\uD83D\uDE00".repeat(150);
        CategoryProfile profile = categories(smiles, smiles, "a");

        Frequency first = profile.top(1).getFirst();

        assertEquals(2, first.count());
        assertTrue(smiles.startsWith(first.value()), first.value());
        assertEquals(2.0 / 3, profile.share(smiles), 1e-12);
    }

    private static void assertAlike(TableProfile expected, TableProfile found) {
        assertEquals(expected.rows(), found.rows());
        assertEquals(expected.times(), found.times());
        for (int i = 0; i < expected.numbers().size(); i++) {
            NumberProfile e = expected.numbers().get(i);
            NumberProfile f = found.numbers().get(i);
            assertEquals(e.name(), f.name());
            assertEquals(e.count(), f.count());
            assertEquals(e.nulls(), f.nulls());
            assertEquals(e.zeros(), f.zeros());
            assertEquals(e.min(), f.min());
            assertEquals(e.max(), f.max());
            assertEquals(e.mean(), f.mean(), 1e-12 * (1 + Math.abs(e.mean())));
            assertEquals(e.variance(), f.variance(), 1e-9 * (1 + e.variance()));
            assertEquals(e.distinct(), f.distinct(), 1 + 0.05 * e.distinct());
            if (e.count() > 0) {
                for (double q : new double[] {0, 0.01, 0.1, 0.5, 0.9, 0.99, 1}) {
                    assertTrue(
                            f.quantile(q) >= e.quantile(Math.max(0, q - 0.02)) - 1e-9
                                    && f.quantile(q) <= e.quantile(Math.min(1, q + 0.02)) + 1e-9,
                            e.name() + " " + q);
                }
            }
        }
        for (int i = 0; i < expected.categories().size(); i++) {
            CategoryProfile e = expected.categories().get(i);
            CategoryProfile f = found.categories().get(i);
            assertEquals(e.count(), f.count());
            assertEquals(e.nulls(), f.nulls());
            assertEquals(e.distinct(), f.distinct());
            assertEquals(e.top(50), f.top(50));
        }
    }

    private static Table table(SplittableRandom random, int rows) {
        double[] x = random.doubles(rows).map(p -> p < 0.1 ? Double.NaN : 20 * p * p).toArray();
        double[] whole = random.doubles(rows).map(p -> Math.floor(p * 7)).toArray();
        String[] kind =
                random.ints(rows, 0, 9).mapToObj(i -> i == 0 ? "" : "k" + i).toArray(String[]::new);
        long[] at = random.longs(rows, -1_000_000, 1_000_000).toArray();
        return new Table(
                List.of(
                        new NumberColumn("x", x),
                        new NumberColumn("whole", whole),
                        Samples.categories("kind", kind),
                        new TimeColumn("at", at)));
    }

    private static NumberProfile numbers(double... values) {
        return NumberProfile.of(new NumberColumn("x", values));
    }

    private static CategoryProfile categories(String... texts) {
        return CategoryProfile.of(Samples.categories("kind", texts));
    }
}

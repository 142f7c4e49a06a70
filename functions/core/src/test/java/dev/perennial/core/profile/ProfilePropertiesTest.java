package dev.perennial.core.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of profiles of all tables. Few values: sketches are exact, so merging must be too. */
class ProfilePropertiesTest {
    private static final double ROUNDING = 1e-9;
    private static final String SEED = "4711";

    @Property(seed = SEED)
    void merge_isCommutative(@ForAll("tables") Table a, @ForAll("tables") Table b) {
        assertSame(
                TableProfile.of(a).merge(TableProfile.of(b)),
                TableProfile.of(b).merge(TableProfile.of(a)));
    }

    @Property(seed = SEED)
    void merge_isAssociative(
            @ForAll("tables") Table a, @ForAll("tables") Table b, @ForAll("tables") Table c) {
        TableProfile first = TableProfile.of(a);
        TableProfile second = TableProfile.of(b);
        TableProfile third = TableProfile.of(c);

        assertSame(first.merge(second).merge(third), first.merge(second.merge(third)));
    }

    @Property(seed = SEED)
    void parts_makeTheWhole(@ForAll("tables") Table table, @ForAll double cut) {
        int middle = (int) Math.floorMod(Double.doubleToLongBits(cut), table.rows() + 1L);

        TableProfile merged =
                TableProfile.of(select(table, 0, middle))
                        .merge(TableProfile.of(select(table, middle, table.rows())));

        assertSame(TableProfile.of(table), merged);
    }

    @Property(seed = SEED)
    void empty_isIdentity(@ForAll("tables") Table table) {
        TableProfile whole = TableProfile.of(table);
        TableProfile empty = TableProfile.of(select(table, 0, 0));

        assertSame(whole, whole.merge(empty));
        assertSame(whole, empty.merge(whole));
    }

    @Property(seed = SEED)
    void nulls_areNeverValues(@ForAll("tables") Table table) {
        TableProfile profile = TableProfile.of(table);

        NumberColumn numbers = (NumberColumn) table.columns().get(0);
        double[] present = Arrays.stream(numbers.values()).filter(v -> !Double.isNaN(v)).toArray();
        NumberProfile number = profile.numbers().getFirst();
        assertEquals(present.length, number.count());
        assertEquals(table.rows() - present.length, number.nulls());
        assertEquals(Arrays.stream(present).min().orElse(0), number.min());
        assertEquals(Arrays.stream(present).max().orElse(0), number.max());
        CategoryColumn categories = (CategoryColumn) table.columns().get(1);
        long missing = Arrays.stream(categories.codes()).filter(c -> c < 0).count();
        CategoryProfile category = profile.categories().getFirst();
        assertEquals(missing, category.nulls());
        assertEquals(
                category.count(), category.top(100).stream().mapToLong(Frequency::count).sum());
        TimeColumn times = (TimeColumn) table.columns().get(2);
        assertEquals(
                Arrays.stream(times.micros()).filter(t -> t != TimeColumn.MISSING).min().orElse(0),
                profile.times().getFirst().min());
    }

    @Property(seed = SEED)
    void json_readsBackToTheSameBytes_andTheSameTableWritesThemAgain(
            @ForAll("tables") Table a, @ForAll("tables") Table b) {
        byte[] json = TableProfile.of(a).merge(TableProfile.of(b)).toJson();

        assertArrayEquals(json, TableProfile.fromJson(json).toJson());
        assertArrayEquals(json, TableProfile.of(a).merge(TableProfile.of(b)).toJson());
    }

    @Property(seed = SEED)
    void hugeNumbers_stayFinite_andReadBack(@ForAll("finite") double[] values) {
        NumberProfile profile = NumberProfile.of(new NumberColumn("n", values));
        TableProfile table =
                new TableProfile(values.length, List.of(profile), List.of(), List.of());

        assertArrayEquals(table.toJson(), TableProfile.fromJson(table.toJson()).toJson());
        assertTrue(profile.min() <= profile.mean() && profile.mean() <= profile.max());
        assertEquals(
                values.length, Arrays.stream(profile.histogram(10)).sum(), 1e-6 * values.length);
    }

    private static void assertSame(TableProfile expected, TableProfile found) {
        assertEquals(expected.rows(), found.rows());
        assertEquals(expected.times(), found.times());
        NumberProfile a = expected.numbers().getFirst();
        NumberProfile b = found.numbers().getFirst();
        double scale = Math.max(1, Math.max(Math.abs(a.min()), Math.abs(a.max())));
        assertEquals(a.count(), b.count());
        assertEquals(a.nulls(), b.nulls());
        assertEquals(a.min(), b.min());
        assertEquals(a.max(), b.max());
        assertEquals(a.zeros(), b.zeros());
        assertEquals(a.distinct(), b.distinct());
        assertEquals(a.mean(), b.mean(), ROUNDING * scale);
        assertEquals(a.variance(), b.variance(), ROUNDING * scale * scale);
        if (a.count() > 0) {
            for (double q : new double[] {0, 0.25, 0.5, 1}) {
                assertEquals(a.quantile(q), b.quantile(q), ROUNDING * scale, "quantile " + q);
            }
        }
        CategoryProfile c = expected.categories().getFirst();
        CategoryProfile d = found.categories().getFirst();
        assertEquals(c.count(), d.count());
        assertEquals(c.nulls(), d.nulls());
        assertEquals(c.distinct(), d.distinct());
        assertEquals(c.top(50), d.top(50));
    }

    private static Table select(Table table, int from, int to) {
        int[] rows = IntStream.range(from, to).toArray();
        return new Table(table.columns().stream().map(column -> column.select(rows)).toList());
    }

    @Provide
    Arbitrary<Table> tables() {
        Arbitrary<Double> numbers =
                Arbitraries.oneOf(
                        Arbitraries.doubles().between(-1e6, 1e6),
                        Arbitraries.integers().between(-2, 2).map(Integer::doubleValue),
                        Arbitraries.just(Double.NaN));
        Arbitrary<Integer> codes = Arbitraries.integers().between(-1, 4);
        Arbitrary<Long> times =
                Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 4_000_000_000_000_000L),
                        Arbitraries.just(TimeColumn.MISSING));
        return Combinators.combine(numbers, codes, times)
                .as(Row::new)
                .list()
                .ofMaxSize(60)
                .map(ProfilePropertiesTest::table);
    }

    @Provide
    Arbitrary<double[]> finite() {
        return Arbitraries.doubles()
                .between(-1e150, 1e150)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30)
                .map(values -> values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private record Row(double number, int code, long time) {}

    private static Table table(List<Row> rows) {
        List<Column> columns =
                List.of(
                        new NumberColumn("n", rows.stream().mapToDouble(Row::number).toArray()),
                        new CategoryColumn(
                                "c",
                                rows.stream().mapToInt(Row::code).toArray(),
                                List.of("ä", "b", "c", "d", "e")),
                        new TimeColumn("t", rows.stream().mapToLong(Row::time).toArray()));
        return new Table(columns);
    }
}

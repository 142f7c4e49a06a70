package dev.perennial.core.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.json.Json;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicesTest {
    private static Table table(double[] numbers, String... kinds) {
        return new Table(
                List.of(
                        new NumberColumn("x", numbers),
                        CategoryColumn.of("kind", Arrays.asList(kinds))));
    }

    /** x is 0 to 99, and kind "a" three times as frequent as "b". */
    private static Slices slices() {
        List<String> kinds = new ArrayList<>();
        IntStream.range(0, 100).forEach(row -> kinds.add(row % 4 == 0 ? "b" : "a"));
        double[] numbers = IntStream.range(0, 100).asDoubleStream().toArray();
        return Slices.of(table(numbers, kinds.toArray(String[]::new)), List.of("kind", "x"));
    }

    @Test
    void everyRow_isInOneSliceOfEachFeature() {
        Slices slices = slices();

        int[][] found =
                slices.of(
                        table(
                                new double[] {-5, 30, 60, 1e9, Double.NaN},
                                "a",
                                "b",
                                "never seen",
                                "",
                                "a"));

        assertEquals(9, slices.size());
        String[][] names =
                Arrays.stream(found)
                        .map(row ->
                                Arrays.stream(row).mapToObj(slices::name).toArray(String[]::new))
                        .toArray(String[][]::new);
        assertArrayEquals(
                new String[][] {
                    {"kind is a", "x is below 24.50"},
                    {"kind is b", "x is 24.50 to 49.50"},
                    {"kind is none of the frequent values", "x is 49.50 to 74.50"},
                    {"kind is missing", "x is 74.50 or more"},
                    {"kind is a", "x is missing"}
                },
                names);
    }

    @Test
    void errors_areSummedBySlice_andSurviveJson() {
        Slices slices = slices();

        SliceErrors errors =
                slices.errors(
                        table(new double[] {1, 2, 99}, "a", "a", "b"), new double[] {1, 0, 0.5});

        SliceErrors read = Json.read("errors", Json.write(errors), SliceErrors.class);
        assertArrayEquals(new long[] {2, 1, 0, 0, 2, 0, 0, 1, 0}, read.rows());
        assertArrayEquals(new double[] {1, 0.5, 0, 0, 1, 0, 0, 0.5, 0}, read.errors());
        assertEquals("kind is b", read.slices().name(1));
    }

    @Test
    void constantColumn_andOneWithoutValues_haveSlices() {
        double[] constant = new double[10];
        Arrays.fill(constant, 3);
        double[] missing = new double[10];
        Arrays.fill(missing, Double.NaN);
        Table rows =
                new Table(
                        List.of(
                                new NumberColumn("constant", constant),
                                new NumberColumn("missing", missing)));

        Slices slices = Slices.of(rows, List.of("constant", "missing"));

        int[] first = slices.of(rows)[0];
        assertEquals("constant is 3.000 or more", slices.name(first[0]));
        assertEquals("missing is missing", slices.name(first[1]));
        assertThrows(IllegalArgumentException.class, () -> slices.name(slices.size()));
    }

    @Test
    void columnOfAnotherType_isRefused() {
        Table turned =
                new Table(
                        List.of(
                                CategoryColumn.of("x", List.of("1")),
                                CategoryColumn.of("kind", List.of("a"))));

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> slices().of(turned));

        assertEquals("'x' is CATEGORY now, and was a number column", refused.getMessage());
    }
}

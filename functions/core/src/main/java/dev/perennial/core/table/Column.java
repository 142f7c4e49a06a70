package dev.perennial.core.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One named column of a {@link Table}. Arrays are not copied: whoever builds a column gives its
 * arrays away.
 */
public sealed interface Column {
    String name();

    int rows();

    /** How its values are read. */
    default ColumnType type() {
        return switch (this) {
            case NumberColumn _ -> ColumnType.NUMBER;
            case CategoryColumn _ -> ColumnType.CATEGORY;
            case TimeColumn _ -> ColumnType.TIME;
        };
    }

    /** A column without any value. */
    static Column missing(String name, ColumnType type, int rows) {
        return switch (type) {
            case NUMBER -> {
                double[] values = new double[rows];
                Arrays.fill(values, Double.NaN);
                yield new NumberColumn(name, values);
            }
            case CATEGORY -> {
                int[] codes = new int[rows];
                Arrays.fill(codes, CategoryColumn.MISSING);
                yield new CategoryColumn(name, codes, List.of());
            }
            case TIME -> {
                long[] micros = new long[rows];
                Arrays.fill(micros, TimeColumn.MISSING);
                yield new TimeColumn(name, micros);
            }
        };
    }

    /** The rows at the given indices, in that order. */
    Column select(int[] rows);

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    Column range(int from, int to);

    /**
     * Numbers.
     *
     * @param values one per row; NaN where missing, never infinite
     */
    record NumberColumn(String name, double[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public NumberColumn range(int from, int to) {
            return new NumberColumn(name, Arrays.copyOfRange(values, from, to));
        }

        @Override
        public NumberColumn select(int[] rows) {
            return new NumberColumn(
                    name, Arrays.stream(rows).mapToDouble(row -> values[row]).toArray());
        }
    }

    /**
     * Categories as codes into a dictionary in order of first appearance.
     *
     * @param codes one per row; {@link #MISSING} where missing
     * @param dictionary distinct non-empty texts; may hold texts that no row uses
     */
    record CategoryColumn(String name, int[] codes, List<String> dictionary) implements Column {
        public static final int MISSING = -1;

        /** A column of texts; null and "" are missing. */
        public static CategoryColumn of(String name, List<? extends @Nullable String> texts) {
            Map<String, Integer> known = new HashMap<>();
            List<String> dictionary = new ArrayList<>();
            int[] codes = new int[texts.size()];
            for (int row = 0; row < codes.length; row++) {
                String text = texts.get(row);
                codes[row] =
                        text == null || text.isEmpty()
                                ? MISSING
                                : known.computeIfAbsent(
                                        text,
                                        fresh -> {
                                            dictionary.add(fresh);
                                            return dictionary.size() - 1;
                                        });
            }
            return new CategoryColumn(name, codes, List.copyOf(dictionary));
        }

        @Override
        public int rows() {
            return codes.length;
        }

        /** The text of a row, or "" where it is missing. */
        public String text(int row) {
            return codes[row] == MISSING ? "" : dictionary.get(codes[row]);
        }

        /** How many rows hold each text of the dictionary, by code. */
        public long[] counts() {
            long[] counts = new long[dictionary.size()];
            for (int code : codes) {
                if (code != MISSING) {
                    counts[code]++;
                }
            }
            return counts;
        }

        @Override
        public CategoryColumn range(int from, int to) {
            return new CategoryColumn(name, Arrays.copyOfRange(codes, from, to), dictionary);
        }

        @Override
        public CategoryColumn select(int[] rows) {
            return new CategoryColumn(
                    name, Arrays.stream(rows).map(row -> codes[row]).toArray(), dictionary);
        }
    }

    /**
     * Moments.
     *
     * @param micros microseconds since 1970-01-01T00:00Z, one per row; {@link #MISSING} where
     *     missing
     */
    record TimeColumn(String name, long[] micros) implements Column {
        public static final long MISSING = Long.MIN_VALUE;

        @Override
        public int rows() {
            return micros.length;
        }

        @Override
        public TimeColumn range(int from, int to) {
            return new TimeColumn(name, Arrays.copyOfRange(micros, from, to));
        }

        @Override
        public TimeColumn select(int[] rows) {
            return new TimeColumn(
                    name, Arrays.stream(rows).mapToLong(row -> micros[row]).toArray());
        }
    }
}

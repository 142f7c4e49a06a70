package dev.perennial.core.table;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A growing column. A setter writes one row and answers null, or answers why the value can't stand
 * there. Writing the same row again overwrites it: so a row is taken back when a later column of it
 * is bad.
 */
abstract sealed class ColumnBuilder {
    final String name;
    final CellRule rule;

    private ColumnBuilder(String name, CellRule rule) {
        this.name = name;
        this.rule = rule;
    }

    static ColumnBuilder of(Schema.Field field, CellRule rule) {
        return switch (field.type()) {
            case NUMBER -> new Numbers(field.name(), rule);
            case CATEGORY -> new Categories(field.name(), rule);
            case TIME -> new Times(field.name(), rule);
        };
    }

    abstract @Nullable String set(int row, char[] text, int offset, int length);

    /** As the other setters; says why where a value must be there. */
    final @Nullable String setMissing(int row) {
        if (rule.required()) {
            return "no value";
        }
        putMissing(row);
        return null;
    }

    abstract void putMissing(int row);

    /** Makes room for so many rows. */
    abstract void reserve(int rows);

    /** Gives the column away, with the builder's memory: the next row is the first of another. */
    abstract Column build(int rows);

    static final class Numbers extends ColumnBuilder {
        private double[] values = new double[1024];

        private Numbers(String name, CellRule rule) {
            super(name, rule);
        }

        @Override
        @Nullable String set(int row, char[] text, int offset, int length) {
            if (isMissing(text, offset, length)) {
                return setMissing(row);
            }
            double value = parse(text, offset, length);
            return Double.isNaN(value) ? "not a number" : set(row, value);
        }

        /** The number that a cell holds, infinite if it is too large; NaN if it holds none. */
        static double parse(char[] text, int offset, int length) {
            try {
                double value = JavaDoubleParser.parseDouble(text, offset, length);
                return Double.isFinite(value) && !isDecimal(text, offset, length)
                        ? Double.NaN
                        : value;
            } catch (NumberFormatException noNumber) {
                return Double.NaN;
            }
        }

        @Nullable String set(int row, double value) {
            if (Double.isInfinite(value)) {
                return "not a finite number";
            }
            if (value < rule.min() || value > rule.max()) {
                return "outside %s to %s".formatted(rule.min(), rule.max());
            }
            put(row, value);
            return null;
        }

        /** Writes rows at once, NaN where missing; false if one of them can't stand there. */
        boolean setAll(int row, double[] batch, int count) {
            boolean legal = true;
            for (int i = 0; i < count; i++) {
                double value = batch[i];
                legal &=
                        Double.isNaN(value)
                                ? !rule.required()
                                : Math.abs(value) <= Double.MAX_VALUE
                                        && value >= rule.min()
                                        && value <= rule.max();
            }
            if (legal) {
                if (row + count > values.length) {
                    values = Arrays.copyOf(values, Math.max(row + count, values.length * 2));
                }
                System.arraycopy(batch, 0, values, row, count);
            }
            return legal;
        }

        @Override
        void reserve(int rows) {
            values = Arrays.copyOf(values, Math.max(rows, values.length));
        }

        @Override
        void putMissing(int row) {
            put(row, Double.NaN);
        }

        private void put(int row, double value) {
            if (row >= values.length) {
                values = Arrays.copyOf(values, Math.max(row + 1, values.length * 2));
            }
            values[row] = value;
        }

        @Override
        NumberColumn build(int rows) {
            double[] written = values.length == rows ? values : Arrays.copyOf(values, rows);
            values = new double[0];
            return new NumberColumn(name, written);
        }

        /** Not one of Java's own spellings, such as {@code 1.5f} and {@code 0x1p3}. */
        private static boolean isDecimal(char[] text, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (Character.isLetter(text[i]) && text[i] != 'e' && text[i] != 'E') {
                    return false;
                }
            }
            return true;
        }

        /**
         * Empty, and the words that common exporters (pandas, R, SQL, Excel) write for "no value".
         */
        static boolean isMissing(char[] text, int offset, int length) {
            return switch (length) {
                case 0 -> true;
                case 2 -> matches(text, offset, "NA");
                case 3 ->
                        matches(text, offset, "NaN")
                                || matches(text, offset, "nan")
                                || matches(text, offset, "N/A")
                                || matches(text, offset, "n/a");
                case 4 ->
                        matches(text, offset, "null")
                                || matches(text, offset, "NULL")
                                || matches(text, offset, "None")
                                || matches(text, offset, "#N/A");
                default -> false;
            };
        }

        private static boolean matches(char[] text, int offset, String word) {
            for (int i = 0; i < word.length(); i++) {
                if (text[offset + i] != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    static final class Categories extends ColumnBuilder {
        private int[] codes = new int[1024];
        private Map<String, Integer> byText = new HashMap<>();
        private List<String> dictionary = new ArrayList<>();
        private KnownTexts known = new KnownTexts();

        private Categories(String name, CellRule rule) {
            super(name, rule);
        }

        @Override
        @Nullable String set(int row, char[] text, int offset, int length) {
            return set(row, new String(text, offset, length));
        }

        /** UTF-8, as Parquet stores texts; each different one is decoded once. */
        @Nullable String set(int row, byte[] bytes, int offset, int length) {
            int slot = known.find(bytes, offset, length);
            int code = known.code(slot);
            if (code != KnownTexts.NONE) {
                put(row, code);
                return null;
            }
            String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
            String reason = set(row, text);
            if (reason == null && !text.isEmpty()) {
                known.add(slot, bytes, offset, length, codes[row]);
            }
            return reason;
        }

        @Nullable String set(int row, String text) {
            if (text.isEmpty()) {
                return setMissing(row);
            }
            if (text.length() > rule.longest()) {
                return "a cell of %,d characters; at most %,d"
                        .formatted(text.length(), rule.longest());
            }
            if (text.indexOf('\0') >= 0) {
                return "a text with a NUL character";
            }
            if (!rule.values().isEmpty() && !rule.values().contains(text)) {
                return "not one of " + new TreeSet<>(rule.values());
            }
            put(
                    row,
                    byText.computeIfAbsent(
                            text,
                            fresh -> {
                                dictionary.add(fresh);
                                return dictionary.size() - 1;
                            }));
            return null;
        }

        @Override
        void reserve(int rows) {
            codes = Arrays.copyOf(codes, Math.max(rows, codes.length));
        }

        @Override
        void putMissing(int row) {
            put(row, CategoryColumn.MISSING);
        }

        private void put(int row, int code) {
            if (row >= codes.length) {
                codes = Arrays.copyOf(codes, Math.max(row + 1, codes.length * 2));
            }
            codes[row] = code;
        }

        @Override
        CategoryColumn build(int rows) {
            int[] written = codes.length == rows ? codes : Arrays.copyOf(codes, rows);
            List<String> texts = List.copyOf(dictionary);
            codes = new int[0];
            byText = new HashMap<>();
            dictionary = new ArrayList<>();
            known = new KnownTexts();
            return new CategoryColumn(name, written, texts);
        }
    }

    static final class Times extends ColumnBuilder {
        private long[] micros = new long[1024];

        private Times(String name, CellRule rule) {
            super(name, rule);
        }

        @Override
        @Nullable String set(int row, char[] text, int offset, int length) {
            return set(row, new String(text, offset, length));
        }

        @Nullable String set(int row, String text) {
            if (text.isBlank()) {
                return "no time";
            }
            try {
                return setMicros(row, EventTime.parse(text.strip()));
            } catch (IllegalArgumentException unreadable) {
                return String.valueOf(unreadable.getMessage());
            }
        }

        @Nullable String setMicros(int row, long value) {
            if (value > rule.latest()) {
                return "a time in the future";
            }
            put(row, value);
            return null;
        }

        @Override
        void reserve(int rows) {
            micros = Arrays.copyOf(micros, Math.max(rows, micros.length));
        }

        /** A row without its time can't be placed; readers keep it aside before they come here. */
        @Override
        void putMissing(int row) {
            put(row, TimeColumn.MISSING);
        }

        private void put(int row, long value) {
            if (row >= micros.length) {
                micros = Arrays.copyOf(micros, Math.max(row + 1, micros.length * 2));
            }
            micros[row] = value;
        }

        /** The greatest below a limit, or {@link TimeColumn#MISSING}. */
        long newest(int rows, long limit) {
            long newest = TimeColumn.MISSING;
            for (int row = 0; row < rows; row++) {
                if (micros[row] < limit && micros[row] > newest) {
                    newest = micros[row];
                }
            }
            return newest;
        }

        @Override
        TimeColumn build(int rows) {
            long[] written = micros.length == rows ? micros : Arrays.copyOf(micros, rows);
            micros = new long[0];
            return new TimeColumn(name, written);
        }
    }
}

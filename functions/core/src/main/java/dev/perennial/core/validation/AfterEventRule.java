package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Suspects a feature that holds a time after its row's own: nobody knew it then. */
final class AfterEventRule implements Rule {
    /** Of a column's values, so many look like times if it holds times. */
    private static final double TIMES = 0.95;

    private static final long MISSING = TimeColumn.MISSING;

    /** A moment further from the rows' own is a number of another kind. */
    private static final long NEAR = 20L * 366 * 86_400 * 1_000_000;

    /** Smaller numbers are no epoch; finding that out by an exception takes long. */
    private static final double LEAST_EPOCH = 1e8;

    /** Clocks differ. */
    private static final long SECOND = 1_000_000;

    @Override
    public List<Finding> check(Subject subject) {
        return subject.features().stream()
                .flatMap(feature -> check(subject, feature).stream())
                .toList();
    }

    private static Optional<Finding> check(Subject subject, FeatureSpec feature) {
        long[] own = subject.table().time(subject.spec().time()).micros();
        long[] times = times(subject.table().column(feature.name()), own);
        if (times.length == 0) {
            return Optional.empty();
        }
        int[] late =
                IntStream.range(0, own.length)
                        .filter(row -> times[row] != MISSING && times[row] > own[row] + SECOND)
                        .toArray();
        if (late.length <= subject.threshold(Check.AFTER_EVENT) * own.length) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.warning(
                                Check.AFTER_EVENT,
                                feature.name(),
                                "times later than the row's own in %s of the rows"
                                        .formatted(
                                                Words.percent((double) late.length / own.length)),
                                "what is known at %s; a feature from later tells the future"
                                        .formatted(subject.spec().time()))
                        .in(late, own.length));
    }

    /** The column as moments; empty if it holds other things. */
    private static long[] times(Column column, long[] own) {
        long[] times =
                switch (column) {
                    case NumberColumn numbers -> ofNumbers(numbers);
                    case CategoryColumn categories -> ofTexts(categories);
                    case TimeColumn already -> already.micros();
                };
        long there = 0;
        long near = 0;
        for (int row = 0; row < times.length; row++) {
            if (times[row] != MISSING) {
                there++;
                near += Math.abs(times[row] - own[row]) < NEAR ? 1 : 0;
            }
        }
        if (there == 0) {
            return new long[0];
        }
        long values = values(column);
        return values > 0 && there >= TIMES * values && near >= TIMES * values
                ? times
                : new long[0];
    }

    private static long values(Column column) {
        return switch (column) {
            case NumberColumn numbers ->
                    Arrays.stream(numbers.values()).filter(each -> !Double.isNaN(each)).count();
            case CategoryColumn categories ->
                    Arrays.stream(categories.codes())
                            .filter(code -> code != CategoryColumn.MISSING)
                            .count();
            case TimeColumn times -> times.rows();
        };
    }

    private static long[] ofNumbers(NumberColumn column) {
        // Most columns are told by their first value.
        double first =
                Arrays.stream(column.values())
                        .filter(each -> !Double.isNaN(each))
                        .findFirst()
                        .orElse(0);
        return ofNumber(first) == MISSING
                ? new long[0]
                : Arrays.stream(column.values()).mapToLong(AfterEventRule::ofNumber).toArray();
    }

    private static long ofNumber(double value) {
        return value == Math.rint(value) && Math.abs(value) >= LEAST_EPOCH
                ? epoch((long) value)
                : MISSING;
    }

    private static long epoch(long value) {
        try {
            return EventTime.ofEpoch(value);
        } catch (IllegalArgumentException none) {
            return MISSING;
        }
    }

    private static long[] ofTexts(CategoryColumn column) {
        // Most columns are told by their first value.
        if (column.dictionary().isEmpty() || parse(column.dictionary().getFirst()) == MISSING) {
            return new long[0];
        }
        long[] parsed = column.dictionary().stream().mapToLong(AfterEventRule::parse).toArray();
        return Arrays.stream(column.codes())
                .mapToLong(code -> code == CategoryColumn.MISSING ? MISSING : parsed[code])
                .toArray();
    }

    private static long parse(String text) {
        try {
            return EventTime.parse(text);
        } catch (IllegalArgumentException none) {
            return MISSING;
        }
    }
}

package dev.perennial.core.profile;

import dev.perennial.core.table.Column.TimeColumn;

/**
 * Of a time column.
 *
 * @param min earliest, in microseconds since the epoch; 0 without values
 * @param max latest
 */
public record TimeProfile(String name, long count, long nulls, long min, long max)
        implements ColumnProfile {
    public static TimeProfile of(TimeColumn column) {
        long count = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (long micros : column.micros()) {
            if (micros != TimeColumn.MISSING) {
                count++;
                min = Math.min(min, micros);
                max = Math.max(max, micros);
            }
        }
        return new TimeProfile(
                column.name(),
                count,
                column.rows() - count,
                count == 0 ? 0 : min,
                count == 0 ? 0 : max);
    }

    public TimeProfile merge(TimeProfile other) {
        if (count == 0 || other.count == 0) {
            TimeProfile filled = count == 0 ? other : this;
            return new TimeProfile(name, filled.count, nulls + other.nulls, filled.min, filled.max);
        }
        return new TimeProfile(
                name,
                count + other.count,
                nulls + other.nulls,
                Math.min(min, other.min),
                Math.max(max, other.max));
    }
}

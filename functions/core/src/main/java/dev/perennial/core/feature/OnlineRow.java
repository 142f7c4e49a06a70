package dev.perennial.core.feature;

import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest that a view knows of an entity.
 *
 * @param at event time
 * @param version tells which of two rows is the newer
 * @param values by column: a {@link Double}, a {@link String}, or null where missing
 * @param expiresAt from then on it may not be used; empty: never
 */
public record OnlineRow(
        EntityKey key,
        Instant at,
        Version version,
        Map<String, ? extends @Nullable Object> values,
        Optional<Instant> expiresAt) {
    public OnlineRow {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Goes through a table of a view's rows. */
    public static void each(Table piece, FeatureView view, Batch batch, Consumer<OnlineRow> taker) {
        List<CategoryColumn> keys = view.key().stream().map(piece::category).toList();
        long[] micros = piece.time(view.time()).micros();
        for (int row = 0; row < piece.rows(); row++) {
            int index = row;
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (FeatureSpec column : view.columns()) {
                values.put(column.name(), value(piece.column(column.name()), row));
            }
            Instant at = EventTime.instant(micros[row]);
            taker.accept(
                    new OnlineRow(
                            new EntityKey(keys.stream().map(each -> each.text(index)).toList()),
                            at,
                            Version.of(micros[row], batch),
                            values,
                            view.timeToLive().map(at::plus)));
        }
    }

    private static @Nullable Object value(Column column, int row) {
        return switch (column) {
            case NumberColumn numbers -> {
                double value = numbers.values()[row];
                yield Double.isNaN(value) ? null : (Double) value;
            }
            case CategoryColumn categories -> {
                String text = categories.text(row);
                yield text.isEmpty() ? null : text;
            }
            case TimeColumn times -> EventTime.instant(times.micros()[row]).toString();
        };
    }

    /** Whether it may still be used at a moment. */
    public boolean livesAt(Instant moment) {
        return expiresAt.filter(end -> !end.isAfter(moment)).isEmpty();
    }

    /**
     * The order of rows of one entity: by event time, then by batch, as the offline join has it.
     *
     * @param text sorts as the order does
     */
    public record Version(String text) implements Comparable<Version> {
        /** Moments before year 0 would need it; added so that all numbers are positive. */
        private static final long SHIFT = 1L << 62;

        public static Version of(long eventMicros, Batch batch) {
            long ingested = EventTime.micros(batch.ingestedAt());
            return new Version(
                    "%019d %019d %s"
                            .formatted(eventMicros + SHIFT, ingested + SHIFT, batch.id().hex()));
        }

        @Override
        public int compareTo(Version other) {
            return text.compareTo(other.text);
        }
    }
}

package dev.perennial.core.feature;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    /**
     * The order of rows of one entity: by event time, then by batch, as the offline join has it.
     *
     * @param text sorts as the order does
     */
    public record Version(String text) implements Comparable<Version> {
        /** Moments before year 0 would need it; added so that all numbers are positive. */
        private static final long SHIFT = 1L << 62;

        public static Version of(long eventMicros, Batch batch) {
            long ingested = dev.perennial.core.table.EventTime.micros(batch.ingestedAt());
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

package dev.perennial.core.live;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way from a caller's request to the store, small enough for a queue.
 *
 * @param version that predicted; empty for labels
 * @param rows with the columns of {@link LiveColumns}, and the spec's own for predictions
 */
public record LiveMessage(String pipeline, Kind kind, OptionalInt version, Table rows) {
    /** What the rows are. */
    public enum Kind {
        PREDICTIONS,
        LABELS;

        /** The folder of such batches. */
        public String folder() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One column as JSON has it: null where a value is missing, times in microseconds. */
    private record Values(
            String name,
            Optional<List<@Nullable Double>> numbers,
            Optional<List<@Nullable String>> categories,
            Optional<List<@Nullable Long>> times) {}

    private record Document(
            String pipeline, Kind kind, OptionalInt version, List<Values> columns) {}

    public byte[] toJson() {
        return Json.write(
                new Document(
                        pipeline,
                        kind,
                        version,
                        rows.columns().stream().map(LiveMessage::values).toList()));
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws MalformedJsonException if it is anything else
     */
    public static LiveMessage fromJson(byte[] json) {
        Document document = Json.read("a live message", json, Document.class);
        try {
            return new LiveMessage(
                    document.pipeline(),
                    document.kind(),
                    document.version(),
                    new Table(document.columns().stream().map(LiveMessage::column).toList()));
        } catch (IllegalArgumentException unequal) {
            throw new MalformedJsonException(
                    "a live message", String.valueOf(unequal.getMessage()), unequal);
        }
    }

    private static Values values(Column column) {
        return switch (column) {
            case NumberColumn numbers -> {
                List<@Nullable Double> values = new ArrayList<>();
                for (double value : numbers.values()) {
                    values.add(Double.isNaN(value) ? null : value);
                }
                yield new Values(
                        column.name(), Optional.of(values), Optional.empty(), Optional.empty());
            }
            case CategoryColumn categories -> {
                List<@Nullable String> values = new ArrayList<>();
                for (int row = 0; row < categories.rows(); row++) {
                    boolean missing = categories.codes()[row] == CategoryColumn.MISSING;
                    values.add(missing ? null : categories.text(row));
                }
                yield new Values(
                        column.name(), Optional.empty(), Optional.of(values), Optional.empty());
            }
            case TimeColumn times -> {
                List<@Nullable Long> values = new ArrayList<>();
                for (long value : times.micros()) {
                    values.add(value == TimeColumn.MISSING ? null : value);
                }
                yield new Values(
                        column.name(), Optional.empty(), Optional.empty(), Optional.of(values));
            }
        };
    }

    private static Column column(Values values) {
        if (values.numbers().isPresent()) {
            return new NumberColumn(
                    values.name(),
                    values.numbers().get().stream()
                            .mapToDouble(value -> value == null ? Double.NaN : value)
                            .toArray());
        }
        if (values.times().isPresent()) {
            return new TimeColumn(
                    values.name(),
                    values.times().get().stream()
                            .mapToLong(value -> value == null ? TimeColumn.MISSING : value)
                            .toArray());
        }
        return CategoryColumn.of(
                values.name(),
                values.categories()
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "column %s has no values".formatted(values.name()))));
    }
}

package dev.perennial.core.spec;

import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Facts about entities that change over time, of which a training takes what was known at each
 * label row's moment and a prediction what is known now. Made by {@link SpecReader#view}, which
 * rejects what is wrong.
 *
 * @param key columns that name the entity, in the order that the online store joins them
 * @param time the event-time column: since when a row's values hold
 * @param columns what rows say, without key and time
 * @param timeToLive how long after its event time a row may be used; empty: until a newer one
 * @param maxBadRows largest share of a batch's rows that may be left out, 0 to 1
 */
public record FeatureView(
        String name,
        List<String> key,
        String time,
        List<FeatureSpec> columns,
        Optional<Duration> timeToLive,
        double maxBadRows) {
    public FeatureView {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** Time, keys, columns. A column is never key or time too. */
    public Schema schema() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(time, ColumnType.TIME));
        key.forEach(column -> fields.add(new Field(column, ColumnType.CATEGORY)));
        columns.forEach(column -> fields.add(new Field(column.name(), column.type())));
        return new Schema(fields);
    }

    public Optional<FeatureSpec> column(String column) {
        return columns.stream().filter(each -> each.name().equals(column)).findFirst();
    }
}

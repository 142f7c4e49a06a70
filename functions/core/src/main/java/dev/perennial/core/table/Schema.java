package dev.perennial.core.table;

import java.util.List;
import java.util.Optional;

/**
 * The columns that a reader has to bring, in the order the table will have them. Other columns of a
 * file are skipped.
 */
public record Schema(List<Field> fields) {
    public Schema {
        fields = List.copyOf(fields);
    }

    /** A column to read. */
    public record Field(String name, ColumnType type) {}

    public Optional<Field> field(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }
}

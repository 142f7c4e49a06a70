package dev.perennial.core.table;

import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Columns of equal length, in memory. */
public final class Table {
    private final int rows;
    private final Map<String, Column> columns;

    /**
     * @throws IllegalArgumentException if names repeat or lengths differ
     */
    public Table(List<? extends Column> columns) {
        this.columns = new LinkedHashMap<>();
        this.rows = columns.isEmpty() ? 0 : columns.getFirst().rows();
        for (Column column : columns) {
            if (column.rows() != rows) {
                throw new IllegalArgumentException(
                        "column %s has %d rows, expected %d"
                                .formatted(column.name(), column.rows(), rows));
            }
            if (this.columns.putIfAbsent(column.name(), column) != null) {
                throw new IllegalArgumentException(
                        "column %s appears twice".formatted(column.name()));
            }
        }
    }

    public int rows() {
        return rows;
    }

    public List<Column> columns() {
        return List.copyOf(columns.values());
    }

    public NumberColumn number(String name) {
        return column(name, NumberColumn.class);
    }

    public CategoryColumn category(String name) {
        return column(name, CategoryColumn.class);
    }

    public TimeColumn time(String name) {
        return column(name, TimeColumn.class);
    }

    /** The rows at the given indices, in that order. */
    public Table select(int[] indices) {
        return new Table(columns.values().stream().map(column -> column.select(indices)).toList());
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Table range(int from, int to) {
        return from == 0 && to == rows
                ? this
                : new Table(
                        columns.values().stream().map(column -> column.range(from, to)).toList());
    }

    /**
     * The rows of tables one after the other.
     *
     * @throws IllegalArgumentException if there is none, or their columns differ
     */
    public static Table concat(List<Table> tables) {
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("no table, so no columns");
        }
        if (tables.size() == 1) {
            return tables.getFirst();
        }
        List<Column> joined = new ArrayList<>();
        for (Column column : tables.getFirst().columns()) {
            String name = column.name();
            joined.add(
                    switch (column.type()) {
                        case NUMBER ->
                                new NumberColumn(
                                        name,
                                        tables.stream()
                                                .flatMapToDouble(table ->
                                                        Arrays.stream(table.number(name).values()))
                                                .toArray());
                        case TIME ->
                                new TimeColumn(
                                        name,
                                        tables.stream()
                                                .flatMapToLong(table ->
                                                        Arrays.stream(table.time(name).micros()))
                                                .toArray());
                        case CATEGORY ->
                                CategoryColumn.of(
                                        name,
                                        tables.stream()
                                                .map(table -> table.category(name))
                                                .flatMap(each ->
                                                        IntStream.range(0, each.rows())
                                                                .mapToObj(each::text))
                                                .toList());
                    });
        }
        return new Table(joined);
    }

    /**
     * A column of whatever type.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Column column(String name) {
        return column(name, Column.class);
    }

    private <C extends Column> C column(String name, Class<C> type) {
        Column column = columns.get(name);
        if (!type.isInstance(column)) {
            throw new IllegalArgumentException(
                    "no %s named %s among %s"
                            .formatted(type.getSimpleName(), name, columns.keySet()));
        }
        return type.cast(column);
    }
}

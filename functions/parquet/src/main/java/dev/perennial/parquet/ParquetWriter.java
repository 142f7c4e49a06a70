package dev.perennial.parquet;

import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Writes a table as Parquet (zstd) with DuckDB. One thread, so that the same table gives the same
 * bytes.
 */
public final class ParquetWriter {
    private ParquetWriter() {}

    /**
     * Writes.
     *
     * @param spill where DuckDB may put what doesn't fit its memory
     */
    public static void write(Table table, Path target, Path spill) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET threads = 1");
            statement.execute("SET temp_directory = " + literal(spill.toString()));
            statement.execute("CREATE TABLE snapshot (" + definitions(table.columns()) + ")");
            append(connection.unwrap(DuckDBConnection.class), table);
            statement.execute(
                    "COPY snapshot TO %s (FORMAT parquet, COMPRESSION zstd)"
                            .formatted(literal(target.toString())));
        } catch (SQLException failed) {
            throw new IllegalStateException(
                    "DuckDB can't write %s: %s".formatted(target, failed.getMessage()), failed);
        }
    }

    private static String definitions(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        identifier(column.name())
                                + " "
                                + switch (column) {
                                    case NumberColumn _ -> "DOUBLE";
                                    case CategoryColumn _ -> "VARCHAR";
                                    case TimeColumn _ -> "TIMESTAMP";
                                })
                .collect(Collectors.joining(", "));
    }

    private static void append(DuckDBConnection connection, Table table) throws SQLException {
        List<Column> columns = table.columns();
        try (DuckDBAppender appender = connection.createAppender("main", "snapshot")) {
            for (int row = 0; row < table.rows(); row++) {
                appender.beginRow();
                for (Column column : columns) {
                    append(appender, column, row);
                }
                appender.endRow();
            }
        }
    }

    private static void append(DuckDBAppender appender, Column column, int row)
            throws SQLException {
        switch (column) {
            case NumberColumn numbers when Double.isNaN(numbers.values()[row]) ->
                    appender.appendNull();
            case NumberColumn numbers -> appender.append(numbers.values()[row]);
            case CategoryColumn categories when categories.codes()[row] == CategoryColumn.MISSING ->
                    appender.appendNull();
            case CategoryColumn categories -> appender.append(categories.text(row));
            case TimeColumn times -> appender.appendEpochMicros(times.micros()[row]);
        }
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}

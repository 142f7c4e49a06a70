package dev.perennial.parquet;

import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
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

/** Databases in memory, and how our tables and names look in them. */
final class DuckDb {
    /** Of the memory that the heap leaves; the rest is for whatever else is native. */
    private static final double SHARE = 0.5;

    private static final long LEAST_MEGABYTES = 128;
    private static final long STANDARD_MEGABYTES = 512;

    private DuckDb() {}

    /** What Lambda gives less the heap, or a standard where nobody says; the rest is spilled. */
    static long megabytes() {
        String given = System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
        if (given == null) {
            return STANDARD_MEGABYTES;
        }
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        return Math.max(LEAST_MEGABYTES, (long) ((Long.parseLong(given) - heap) * SHARE));
    }

    /**
     * A database in memory.
     *
     * @param megabytes what it holds at most; beyond that it spills into the folder for temporary
     *     files
     */
    static Connection open(long megabytes, int threads) {
        Path spill =
                Path.of(System.getProperty("java.io.tmpdir"))
                        .resolve("duckdb-" + ProcessHandle.current().pid());
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET threads = " + threads);
                statement.execute("SET memory_limit = '%dMB'".formatted(megabytes));
                statement.execute("SET temp_directory = " + literal(spill.toString()));
            }
            return connection;
        } catch (SQLException failed) {
            throw new IllegalStateException(
                    "DuckDB can't be opened: " + failed.getMessage(), failed);
        }
    }

    /** Makes or replaces a table; its rowid is the row. */
    static void load(Connection database, String name, Table table) throws SQLException {
        Schema schema =
                new Schema(
                        table.columns().stream()
                                .map(column -> new Field(column.name(), column.type()))
                                .toList());
        try (Statement statement = database.createStatement()) {
            statement.execute(tableOf(name, schema));
        }
        append(database, name, table);
    }

    /** How a table is made or replaced. */
    static String tableOf(String name, Schema schema) {
        return "CREATE OR REPLACE TABLE %s (%s)"
                .formatted(
                        identifier(name),
                        schema.fields().stream()
                                .map(field -> identifier(field.name()) + " " + type(field.type()))
                                .collect(Collectors.joining(", ")));
    }

    /** Adds rows to a table with the same columns. */
    static void append(Connection database, String name, Table table) throws SQLException {
        List<Column> columns = table.columns();
        try (DuckDBAppender appender =
                database.unwrap(DuckDBConnection.class).createAppender("main", name)) {
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

    static String type(ColumnType type) {
        return switch (type) {
            case NUMBER -> "DOUBLE";
            case CATEGORY -> "VARCHAR";
            case TIME -> "TIMESTAMP";
        };
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Copies what a query gives into a Parquet file (zstd), in the query's order. */
    static String copy(String query, Path target) {
        return "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                .formatted(query, literal(target.toString()));
    }
}

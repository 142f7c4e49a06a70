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
    /** Of the memory that the heap leaves; the rest is for whatever else is native. */
    private static final double SHARE = 0.5;

    private static final long LEAST_MEGABYTES = 128;
    private static final long STANDARD_MEGABYTES = 512;

    private ParquetWriter() {}

    /** The one database of this process, in memory; opening one takes longer than a small write. */
    private static final class Database {
        static final Connection CONNECTION = open(megabytes());

        /**
         * What Lambda gives less the heap, or a standard where nobody says; the rest is spilled.
         */
        private static long megabytes() {
            String given = System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
            if (given == null) {
                return STANDARD_MEGABYTES;
            }
            long heap = Runtime.getRuntime().maxMemory() >> 20;
            return Math.max(LEAST_MEGABYTES, (long) ((Long.parseLong(given) - heap) * SHARE));
        }
    }

    /**
     * A database in memory.
     *
     * @param megabytes what it holds at most; beyond that it spills into the folder for temporary
     *     files
     */
    static Connection open(long megabytes) {
        Path spill =
                Path.of(System.getProperty("java.io.tmpdir"))
                        .resolve("duckdb-" + ProcessHandle.current().pid());
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET threads = 1");
                statement.execute("SET memory_limit = '%dMB'".formatted(megabytes));
                statement.execute("SET temp_directory = " + literal(spill.toString()));
            }
            return connection;
        } catch (SQLException failed) {
            throw new IllegalStateException(
                    "DuckDB can't be opened: " + failed.getMessage(), failed);
        }
    }

    /** Writes. One table at a time in a process. */
    public static synchronized void write(Table table, Path target) {
        write(Database.CONNECTION, table, target);
    }

    static void write(Connection database, Table table, Path target) {
        try (Statement statement = database.createStatement()) {
            statement.execute(
                    "CREATE OR REPLACE TABLE snapshot (" + definitions(table.columns()) + ")");
            try {
                append(database.unwrap(DuckDBConnection.class), table);
                statement.execute(
                        "COPY snapshot TO %s (FORMAT parquet, COMPRESSION zstd)"
                                .formatted(literal(target.toString())));
            } finally {
                statement.execute("DROP TABLE snapshot");
            }
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

package dev.perennial.parquet;

import dev.perennial.core.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Writes a table as Parquet (zstd) with DuckDB. One thread, so that the same table gives the same
 * bytes.
 */
public final class ParquetWriter {
    private ParquetWriter() {}

    /** The one database of this process, in memory; opening one takes longer than a small write. */
    private static final class Database {
        static final Connection CONNECTION = DuckDb.open(DuckDb.megabytes(), 1);
    }

    /** Writes. One table at a time in a process. */
    public static synchronized void write(Table table, Path target) {
        write(Database.CONNECTION, table, target);
    }

    static void write(Connection database, Table table, Path target) {
        try (Statement statement = database.createStatement()) {
            try {
                DuckDb.load(database, "snapshot", table);
                statement.execute(DuckDb.copy("FROM snapshot", target));
            } finally {
                statement.execute("DROP TABLE IF EXISTS snapshot");
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(
                    "DuckDB can't write %s: %s".formatted(target, failed.getMessage()), failed);
        }
    }
}

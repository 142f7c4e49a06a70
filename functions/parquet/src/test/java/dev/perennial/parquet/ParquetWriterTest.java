package dev.perennial.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetWriterTest {
    private static final int ROWS = 1_000_000;
    private static final int COLUMNS = 20;

    /** Of the table's 160 MB. */
    private static final long MEGABYTES = 64;

    @TempDir Path folder;

    private static Table table() {
        double[] values = new SplittableRandom(1).doubles(ROWS).toArray();
        return new Table(
                IntStream.range(0, COLUMNS)
                        .mapToObj(column -> new NumberColumn("c" + column, values))
                        .toList());
    }

    @Test
    void tableLargerThanTheLimit_isWhole() throws SQLException {
        Table table = table();
        Path parquet = folder.resolve("rows.parquet");

        try (Connection database = DuckDb.open(MEGABYTES, 1)) {
            ParquetWriter.write(database, table, parquet);

            try (Statement statement = database.createStatement();
                    ResultSet rows =
                            statement.executeQuery(
                                    "SELECT count(*), count(*) FILTER (c0 = c19) FROM '%s'"
                                            .formatted(parquet))) {
                rows.next();
                assertEquals(ROWS, rows.getLong(1));
                assertEquals(ROWS, rows.getLong(2));
            }
        }
    }

    @Test
    void writeAfterOneThatFailed_works() throws SQLException {
        Table small = new Table(List.of(new NumberColumn("c", new double[] {1, 2})));
        Path nowhere = folder.resolve("missing/rows.parquet");
        Path parquet = folder.resolve("rows.parquet");

        try (Connection database = DuckDb.open(MEGABYTES, 1)) {
            IllegalStateException failed =
                    assertThrows(
                            IllegalStateException.class,
                            () -> ParquetWriter.write(database, small, nowhere));
            ParquetWriter.write(database, small, parquet);

            assertTrue(String.valueOf(failed.getMessage()).contains(nowhere.toString()));
        }
        assertTrue(Files.exists(parquet));
    }
}

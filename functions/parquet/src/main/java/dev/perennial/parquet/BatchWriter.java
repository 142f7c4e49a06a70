package dev.perennial.parquet;

import static dev.perennial.parquet.DuckDb.identifier;

import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sorts the rows of a batch into files by day. Rows come piece by piece, and what doesn't fit into
 * memory is spilled, so a batch may be larger than the process. The same rows give the same bytes.
 */
public final class BatchWriter implements AutoCloseable {
    private final FeatureView view;
    private final Connection database;
    private long kept;
    private long added;

    public BatchWriter(FeatureView view) {
        this.view = view;
        database = DuckDb.open(DuckDb.megabytes(), 1);
        execute(DuckDb.tableOf("added", view.schema()));
        execute("BEGIN");
    }

    /**
     * A day's rows (UTC) in the order of their event times.
     *
     * @param from event time of the first row
     * @param to event time of the last row
     */
    public record DayFile(LocalDate date, Path file, long rows, Instant from, Instant to) {}

    /**
     * What was written.
     *
     * @param days in their order
     * @param repeated rows that a later one of the same entity and event time replaced
     */
    public record Written(List<DayFile> days, long rows, long repeated) {}

    /** Takes rows of a file, in the order of the files. */
    public void add(Table rows) {
        try {
            DuckDb.append(database, "added", rows);
            added += rows.rows();
        } catch (SQLException failed) {
            throw failed("add to a batch of " + view.name(), failed);
        }
    }

    /** Ends a file whose rows stay. */
    public void keep() {
        execute("COMMIT");
        execute("BEGIN");
        kept += added;
        added = 0;
    }

    /** Ends a file whose rows go. */
    public void drop() {
        execute("ROLLBACK");
        execute("BEGIN");
        added = 0;
    }

    /**
     * Writes the rows of the files that were kept.
     *
     * @param folder gets the files
     */
    public Written write(Path folder) {
        String time = identifier(view.time());
        String keys = view.key().stream().map(DuckDb::identifier).collect(Collectors.joining(", "));
        execute(
                "CREATE TABLE kept AS SELECT * FROM added QUALIFY row_number() OVER (PARTITION BY %s, %s ORDER BY added.rowid DESC) = 1 ORDER BY %s, %s"
                        .formatted(keys, time, time, keys));
        execute("DROP TABLE added");
        List<DayFile> days = new ArrayList<>();
        long rows = 0;
        for (DayFile day : days(folder)) {
            execute(
                    DuckDb.copy(
                            "SELECT * FROM kept WHERE %s BETWEEN make_timestamp(%d) AND make_timestamp(%d) ORDER BY rowid"
                                    .formatted(
                                            time,
                                            EventTime.micros(day.from()),
                                            EventTime.micros(day.to())),
                            day.file()));
            days.add(day);
            rows += day.rows();
        }
        return new Written(days, rows, kept - rows);
    }

    private List<DayFile> days(Path folder) {
        String sql =
                "SELECT count(*), min(epoch_us(%1$s)), max(epoch_us(%1$s)) FROM kept GROUP BY CAST(%1$s AS DATE) ORDER BY 2"
                        .formatted(identifier(view.time()));
        List<DayFile> days = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                LocalDate date = EventTime.day(result.getLong(2));
                days.add(
                        new DayFile(
                                date,
                                folder.resolve("day-%s.parquet".formatted(date)),
                                result.getLong(1),
                                EventTime.instant(result.getLong(2)),
                                EventTime.instant(result.getLong(3))));
            }
            return days;
        } catch (SQLException failed) {
            throw failed("look at a batch of " + view.name(), failed);
        }
    }

    private void execute(String sql) {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw failed("sort a batch of " + view.name(), failed);
        }
    }

    private static IllegalStateException failed(String what, SQLException failed) {
        return new IllegalStateException(
                "DuckDB can't %s: %s".formatted(what, failed.getMessage()), failed);
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (SQLException failed) {
            throw failed("be closed", failed);
        }
    }
}

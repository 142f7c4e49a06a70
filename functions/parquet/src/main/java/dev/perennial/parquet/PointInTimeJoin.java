package dev.perennial.parquet;

import static dev.perennial.parquet.DuckDb.identifier;
import static dev.perennial.parquet.DuckDb.literal;

import dev.perennial.core.spec.ViewUse;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * For each row the newest row of a view that was there at the row's moment, by DuckDB.
 *
 * <p>First the narrow columns alone are joined (ASOF), which says where in which file each row's
 * match lies; then the wanted columns are read once past these places. A plain ASOF join carries
 * every column through its sort: on a million rows by five million it takes longer and twice the
 * memory, see {@code benchmarks/join}.
 */
public final class PointInTimeJoin {
    private PointInTimeJoin() {}

    /**
     * A view's rows in files.
     *
     * @param files where two rows of an entity have the same event time, that of the later file is
     *     the newer; no file holds two
     */
    public record History(ViewUse use, List<HistoryFile> files) {
        public History {
            files = List.copyOf(files);
        }
    }

    /**
     * A Parquet file with the view's key, time and columns.
     *
     * @param columns those of the view that it has; an older file may lack some
     * @param from event time of its first row
     * @param to event time of its last row
     */
    public record HistoryFile(Path file, Set<String> columns, Instant from, Instant to) {
        public HistoryFile {
            columns = Set.copyOf(columns);
        }
    }

    /**
     * Joins, and writes the rows with what was found as Parquet, in the rows' order.
     *
     * @param time column of {@code rows} with their moments
     * @param order the columns to write
     * @return for each history the rows that it had a match for
     */
    public static List<Long> write(
            Table rows, String time, List<History> histories, Schema order, Path target) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Connection database = DuckDb.open(DuckDb.megabytes(), threads)) {
            return new Join(database, rows, time).write(histories, order, target);
        } catch (SQLException failed) {
            throw new IllegalStateException(
                    "DuckDB can't join features: " + failed.getMessage(), failed);
        }
    }

    private record Join(Connection database, Table rows, String time) {
        List<Long> write(List<History> histories, Schema order, Path target) throws SQLException {
            DuckDb.load(database, "labelled", rows);
            List<Long> matched = new ArrayList<>();
            StringBuilder from = new StringBuilder("labelled");
            for (int i = 0; i < histories.size(); i++) {
                History history = histories.get(i);
                if (history.files().isEmpty() || rows.rows() == 0) {
                    matched.add(0L);
                    continue;
                }
                matched.add(match(history, "match" + i));
                from.append(
                        """
                         LEFT JOIN match%1$d ON labelled.rowid = match%1$d.row
                         LEFT JOIN %2$s history%1$d
                         ON match%1$d.file = history%1$d.file_index AND match%1$d.place = history%1$d.file_row_number
                        """
                                .formatted(i, files(history)));
            }
            String columns =
                    order.fields().stream()
                            .map(field -> column(field, histories, matched))
                            .collect(Collectors.joining(", "));
            execute(
                    DuckDb.copy(
                            "SELECT %s FROM %s ORDER BY labelled.rowid".formatted(columns, from),
                            target));
            return matched;
        }

        /**
         * Notes for each row the place of its match.
         *
         * <p>The order of a view's rows is their event time and then their file, made one number: a
         * microsecond has as many steps as there are files. A row's own number lies before the
         * first step that is too late for it.
         */
        private long match(History history, String table) throws SQLException {
            ViewUse use = history.use();
            Moments moments = moments(history);
            String at = identifier(use.view().time());
            String labels =
                    "SELECT rowid AS row, %s, epoch_us(%s) AS labelled_at, %s AS labelled_order FROM labelled"
                            .formatted(
                                    keys(use.entity()),
                                    identifier(time),
                                    moments.labelled(
                                            identifier(time), use.match() == Match.BEFORE ? 0 : 1));
            String rows =
                    "SELECT %s, epoch_us(%s) AS happened_at, %s AS happened_order, file_index AS file, file_row_number AS place FROM %s WHERE %s BETWEEN make_timestamp(%d) AND make_timestamp(%d)"
                            .formatted(
                                    keys(use.view().key()),
                                    at,
                                    moments.happened(at),
                                    files(history),
                                    at,
                                    moments.oldest(use),
                                    moments.last());
            String young =
                    use.maxAge()
                            .map(age -> " WHERE labelled_at - happened_at <= " + micros(age))
                            .orElse("");
            execute(
                    "CREATE TEMP TABLE %s AS SELECT row, file, place FROM (%s) labels ASOF JOIN (%s) rows ON %s AND labelled_order > happened_order%s"
                            .formatted(table, labels, rows, equalKeys(use), young));
            try (Statement statement = database.createStatement();
                    ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
                count.next();
                return count.getLong(1);
            }
        }

        private static String keys(List<String> columns) {
            return IntStream.range(0, columns.size())
                    .mapToObj(i -> "%s AS key%d".formatted(identifier(columns.get(i)), i))
                    .collect(Collectors.joining(", "));
        }

        private static String equalKeys(ViewUse use) {
            return IntStream.range(0, use.view().key().size())
                    .mapToObj(i -> "labels.key%1$d = rows.key%1$d".formatted(i))
                    .collect(Collectors.joining(" AND "));
        }

        private Moments moments(History history) {
            long[] labelled = rows.time(time).micros();
            long first = Arrays.stream(labelled).min().orElseThrow();
            long last = Arrays.stream(labelled).max().orElseThrow();
            long happened =
                    history.files().stream()
                            .mapToLong(file -> EventTime.micros(file.from()))
                            .min()
                            .orElseThrow();
            return new Moments(Math.min(first, happened), first, last, history.files().size());
        }

        private String column(Field field, List<History> histories, List<Long> matched) {
            for (int i = 0; i < histories.size(); i++) {
                History history = histories.get(i);
                for (TakenColumn taken : history.use().columns()) {
                    if (taken.as().equals(field.name())) {
                        boolean there =
                                matched.get(i) > 0
                                        && history.files().stream()
                                                .anyMatch(file ->
                                                        file.columns().contains(taken.column()));
                        return "%s AS %s"
                                .formatted(
                                        there
                                                ? "history%d.%s"
                                                        .formatted(i, identifier(taken.column()))
                                                : "NULL::" + DuckDb.type(field.type()),
                                        identifier(field.name()));
                    }
                }
            }
            return "labelled." + identifier(field.name());
        }

        private static String files(History history) {
            boolean alike =
                    history.files().stream().map(HistoryFile::columns).distinct().count() == 1;
            return "read_parquet([%s], union_by_name = %s)"
                    .formatted(
                            history.files().stream()
                                    .map(file -> literal(file.file().toString()))
                                    .collect(Collectors.joining(", ")),
                            !alike); // which looks into every file first
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = database.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    private static long micros(Duration duration) {
        return duration.toSeconds() * 1_000_000L;
    }

    /**
     * Numbers in the order of event time and file.
     *
     * @param base no moment lies before it
     */
    private record Moments(long base, long first, long last, int files) {
        /** With room for the last row's own number. */
        private static final BigInteger MOST = BigInteger.ONE.shiftLeft(62);

        String labelled(String column, int later) {
            return "(%s + %d) * %d".formatted(since(column), later, files);
        }

        String happened(String column) {
            return "%s * %d + file_index".formatted(since(column), files);
        }

        private String since(String column) {
            BigInteger range =
                    BigInteger.valueOf(last)
                            .subtract(BigInteger.valueOf(base))
                            .add(BigInteger.ONE)
                            .multiply(BigInteger.valueOf(files));
            return "(epoch_us(%s) - %d)%s"
                    .formatted(column, base, range.compareTo(MOST) < 0 ? "" : "::HUGEINT");
        }

        long oldest(ViewUse use) {
            return use.maxAge().map(age -> first - micros(age)).orElse(base);
        }
    }
}

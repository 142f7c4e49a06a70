package dev.perennial.ingest;

import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.table.BadRow;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.table.UnreadableDataException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What reading a file for a view gave, beside its rows.
 *
 * @param badRows the first of the rows that were left out
 * @param badRowCount all of them
 * @param skippedColumns columns that the view doesn't name
 */
record ArrivedFile(List<BadRow> badRows, long badRowCount, List<String> skippedColumns) {
    /** Rows in memory at a time. */
    private static final int PIECE = 100_000;

    /**
     * Reads a file.
     *
     * @param name how messages name it
     * @param now no row may be of a later moment
     * @param taker gets the rows piece by piece
     * @throws UnreadableDataException if the file can't be used, saying why; rows may have been
     *     taken by then
     */
    static ArrivedFile read(
            Path file, String name, FeatureView view, Instant now, Consumer<Table> taker) {
        if (!TableReader.understands(name)) {
            throw new UnreadableDataException(name, "neither .csv nor .parquet");
        }
        Missing missing = new Missing();
        Consumer<Table> counting =
                piece -> {
                    missing.count(piece);
                    taker.accept(piece);
                };
        ReadTable rest =
                new TableReader(view.schema(), view.rules(now))
                        .inPieces(PIECE, counting)
                        .add(file, name)
                        .finish();
        counting.accept(rest.table());
        check(name, view, rest, missing);
        return new ArrivedFile(rest.badRows(), rest.badRowCount(), rest.skippedColumns());
    }

    private static void check(String name, FeatureView view, ReadTable read, Missing missing) {
        long rows = missing.rows + read.badRowCount();
        if (rows == 0) {
            throw new UnreadableDataException(name, "no row");
        }
        if (missing.rows == 0 || (double) read.badRowCount() / rows > view.maxBadRows()) {
            BadRow first = read.badRows().getFirst();
            throw new UnreadableDataException(
                    name,
                    "%,d of %,d rows can't be used, at most %s may be left out (maxBadRows); the first in line %d, column '%s': %s%s"
                            .formatted(
                                    read.badRowCount(),
                                    rows,
                                    percent(view.maxBadRows()),
                                    first.line(),
                                    first.column(),
                                    first.reason(),
                                    first.value().isEmpty() ? "" : ": " + first.value()));
        }
        for (FeatureSpec column : view.columns()) {
            double share = (double) missing.of(column.name()) / missing.rows;
            if (share > column.maxNulls()) {
                throw new UnreadableDataException(
                        name,
                        "column '%s': %s of the values missing, at most %s may be (maxNulls)"
                                .formatted(
                                        column.name(), percent(share), percent(column.maxNulls())));
            }
        }
    }

    private static String percent(double share) {
        return String.format(java.util.Locale.ROOT, "%.4g %%", 100 * share);
    }

    /** Counts missing values by column. */
    private static final class Missing {
        private final Map<String, Long> counts = new HashMap<>();
        private long rows;

        void count(Table piece) {
            rows += piece.rows();
            for (Column column : piece.columns()) {
                counts.merge(column.name(), missing(column), Long::sum);
            }
        }

        private static long missing(Column column) {
            return switch (column) {
                case NumberColumn numbers ->
                        Arrays.stream(numbers.values()).filter(Double::isNaN).count();
                case CategoryColumn categories ->
                        Arrays.stream(categories.codes())
                                .filter(code -> code == CategoryColumn.MISSING)
                                .count();
                case TimeColumn _ -> 0;
            };
        }

        long of(String column) {
            return counts.getOrDefault(column, 0L);
        }
    }
}

package dev.perennial.core.table;

import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.text.Shortened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads one table out of any number of CSV and Parquet files with the same columns. A row that
 * can't be read is kept aside with its place and reason; only a file that can't be read as a whole
 * is an error.
 */
public final class TableReader {
    /**
     * Bad rows beyond this are counted, not kept: by then the file, not the row, is the problem.
     */
    public static final int MAX_KEPT_BAD_ROWS = 10_000;

    /** Longest cell, in characters. Longer ones come from a lost quote, not from a category. */
    static final int MAX_CELL = 65_536;

    /** Of a column's name in a message, in characters. */
    private static final int LONGEST_NAME = 80;

    private final List<ColumnBuilder> builders;
    private final Schema schema;
    private final List<BadRow> badRows = new ArrayList<>();
    private final Set<String> skippedColumns = new LinkedHashSet<>();
    private final Map<String, Set<String>> storedAs = new TreeMap<>();
    private long badRowCount;
    private final int mostRows;
    private int rows;
    private int pieceRows = Integer.MAX_VALUE;
    private Consumer<Table> pieces = _ -> {};

    public TableReader(Schema schema) {
        this(schema, Map.of(), Integer.MAX_VALUE);
    }

    /**
     * Also keeps rows aside that break rules.
     *
     * @param rules by column
     */
    public TableReader(Schema schema, Map<String, CellRule> rules) {
        this(schema, rules, Integer.MAX_VALUE);
    }

    /** Reads the first rows only. */
    TableReader(Schema schema, int mostRows) {
        this(schema, Map.of(), mostRows);
    }

    private TableReader(Schema schema, Map<String, CellRule> rules, int mostRows) {
        this.schema = schema;
        this.mostRows = mostRows;
        this.builders =
                schema.fields().stream()
                        .map(field ->
                                ColumnBuilder.of(
                                        field, rules.getOrDefault(field.name(), CellRule.NONE)))
                        .toList();
    }

    /**
     * Gives rows away as soon as there are so many, so that a file may be larger than memory. The
     * rest is in {@link #finish()}'s table.
     *
     * @param rows of a piece, at least 1
     */
    public TableReader inPieces(int rows, Consumer<Table> taker) {
        pieceRows = rows;
        pieces = taker;
        return this;
    }

    /** Whether a file name is one that this reader understands. */
    public static boolean understands(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".csv") || lower.endsWith(".parquet");
    }

    /**
     * Appends a file's rows.
     *
     * @param name how messages name the file; its ending tells the format
     * @throws UnreadableDataException if the file as a whole can't be read
     */
    public TableReader add(Path file, String name) {
        try {
            if (Files.size(file) == 0) {
                throw new UnreadableDataException(
                        name, "the file is empty; expected a header line and rows, or Parquet");
            }
            if (name.toLowerCase(Locale.ROOT).endsWith(".parquet")) {
                new ParquetFile(file, name, this).read();
            } else {
                new CsvFile(file, name, this).read();
            }
            return this;
        } catch (IOException failed) {
            throw new UnreadableDataException(
                    name, "can't be read: " + failed.getMessage(), failed);
        }
    }

    /** The newest time before a moment in a column of times, among the rows read so far. */
    public Optional<Instant> newest(String column, Instant before) {
        long limit = EventTime.micros(before);
        return builders.stream()
                .filter(each -> each.name.equals(column))
                .map(ColumnBuilder.Times.class::cast)
                .findFirst()
                .map(times -> times.newest(rows, limit))
                .filter(micros -> micros != TimeColumn.MISSING)
                .map(EventTime::instant);
    }

    public ReadTable finish() {
        return new ReadTable(piece(), badRows, badRowCount, List.copyOf(skippedColumns), storedAs);
    }

    Schema schema() {
        return schema;
    }

    ColumnBuilder builder(int column) {
        return builders.get(column);
    }

    /** Where the next row is written. */
    int row() {
        return rows;
    }

    boolean isFull() {
        return rows >= mostRows;
    }

    /** Notes how a file stores a column. */
    void saw(String column, String type) {
        storedAs.computeIfAbsent(column, _ -> new TreeSet<>()).add(type);
    }

    /** Makes room for rows to come, as far as they aren't given away before. */
    void expect(long more) {
        long all = Math.min(rows + more, Math.min(mostRows, pieceRows));
        if (pieceRows == Integer.MAX_VALUE) {
            builders.forEach(
                    builder -> builder.reserve((int) Math.min(all, Integer.MAX_VALUE - 8)));
        }
    }

    /** Whether so many rows may be written before any of them is accepted. */
    boolean hasRoomFor(int more) {
        return (long) rows + more <= Math.min(mostRows, pieceRows);
    }

    void acceptRows(int more) {
        rows += more;
        if (rows == pieceRows) {
            pieces.accept(piece());
        }
    }

    void acceptRow() {
        acceptRows(1);
    }

    /** The rows read so far, which are given away. */
    private Table piece() {
        Table piece = new Table(builders.stream().map(builder -> builder.build(rows)).toList());
        rows = 0;
        return piece;
    }

    void rejectRow(BadRow row) {
        badRowCount++;
        if (badRows.size() < MAX_KEPT_BAD_ROWS) {
            badRows.add(isPersonal(row.column()) ? row.withoutValue() : row);
        }
    }

    private boolean isPersonal(String column) {
        return builders.stream()
                .anyMatch(builder -> builder.name.equals(column) && builder.rule.personal());
    }

    /**
     * For each column of the schema its position in the file.
     *
     * @throws UnreadableDataException if one is missing or a name repeats
     */
    int[] locate(String file, List<String> header) {
        // Without a header line these are the first row's values.
        boolean hidden = builders.stream().anyMatch(builder -> builder.rule.personal());
        Set<String> seen = new LinkedHashSet<>();
        for (String name : header) {
            if (!seen.add(name)) {
                throw new UnreadableDataException(
                        file,
                        "column %s appears twice; rename or drop one"
                                .formatted(
                                        hidden
                                                ? header.lastIndexOf(name) + 1
                                                : "'%s'".formatted(shortened(name))));
            }
        }
        List<String> missing =
                schema.fields().stream()
                        .map(Field::name)
                        .filter(name -> !seen.contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            String found =
                    hidden
                            ? "%d columns, whose names may be personal values"
                                    .formatted(header.size())
                            : header.stream()
                                    .limit(50)
                                    .map(TableReader::shortened)
                                    .collect(Collectors.joining(", "));
            throw new UnreadableDataException(
                    file,
                    "column%s %s missing; the file has %s"
                            .formatted(
                                    missing.size() == 1 ? "" : "s",
                                    String.join(", ", missing),
                                    found));
        }
        header.stream().filter(name -> schema.field(name).isEmpty()).forEach(skippedColumns::add);
        return schema.fields().stream().mapToInt(field -> header.indexOf(field.name())).toArray();
    }

    /** A hostile header must not become a message of megabytes. */
    private static String shortened(String name) {
        return Shortened.shown(name, LONGEST_NAME);
    }

    /** Files in a stable order. */
    public static List<Path> filesUnder(Path fileOrFolder) throws IOException {
        try (var files = Files.walk(fileOrFolder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            fileOrFolder.equals(file)
                                    || understands(String.valueOf(file.getFileName())))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }
}

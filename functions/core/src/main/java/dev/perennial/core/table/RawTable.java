package dev.perennial.core.table;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Schema.Field;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The beginning of a file as it is, before anybody said what its columns mean: every cell a text,
 * "" for missing.
 *
 * @param file where it was read from
 * @param columns names in the file's order
 * @param table all of them as categories, at most {@value #MOST_ROWS} rows
 */
public record RawTable(Path file, List<String> columns, Table table) {
    public static final int MOST_ROWS = 100_000;

    public RawTable {
        columns = List.copyOf(columns);
    }

    /**
     * Reads a file's beginning.
     *
     * @throws UnreadableDataException if it can't be read, or has no row
     */
    public static RawTable read(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            List<String> header =
                    name.toLowerCase(Locale.ROOT).endsWith(".parquet")
                            ? parquet(file)
                            : csv(file, name);
            Schema schema =
                    new Schema(
                            header.stream()
                                    .map(column -> new Field(column, ColumnType.CATEGORY))
                                    .toList());
            Table table = new TableReader(schema, MOST_ROWS).add(file, name).finish().table();
            if (table.rows() == 0) {
                throw new UnreadableDataException(name, "no readable row to look at");
            }
            return new RawTable(file, header, table);
        } catch (IOException failed) {
            throw new UnreadableDataException(
                    name, "can't be read: " + failed.getMessage(), failed);
        }
    }

    public CategoryColumn column(String name) {
        return table.category(name);
    }

    /** A column as times, of all readable rows of the file. */
    public TimeColumn times(String column) {
        Schema schema = new Schema(List.of(new Field(column, ColumnType.TIME)));
        return new TableReader(schema)
                .add(file, String.valueOf(file.getFileName()))
                .finish()
                .table()
                .time(column);
    }

    /** The number that a text is read as, or NaN. */
    public static double number(String text) {
        return ColumnBuilder.Numbers.parse(text.toCharArray(), 0, text.length());
    }

    /** Whether a text in a column of numbers is read as "no value". */
    public static boolean isMissingNumber(String text) {
        return ColumnBuilder.Numbers.isMissing(text.toCharArray(), 0, text.length());
    }

    private static List<String> csv(Path file, String name) throws IOException {
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().detectBomHeader(true).ofCsvRecord(file)) {
            return reader.stream()
                    .findFirst()
                    .map(CsvRecord::getFields)
                    .orElseThrow(
                            () -> new UnreadableDataException(name, "the file has no header line"));
        }
    }

    private static List<String> parquet(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            for (ColumnSchema column : reader.getFileSchema().getColumns()) {
                names.add(column.fieldPath().toString());
            }
        }
        return names;
    }
}

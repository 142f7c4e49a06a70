package dev.perennial.retrieve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever table the reader accepts from a CSV file, its snapshot holds it bit for bit. */
class SnapshotRoundTripTest {
    private static final Schema SCHEMA =
            new Schema(
                    List.of(
                            new Field("at", ColumnType.TIME),
                            new Field("number, \"quoted\"", ColumnType.NUMBER),
                            new Field("straße", ColumnType.CATEGORY)));
    private static final List<String> NUMBERS =
            List.of(
                    "",
                    "-0.0",
                    "4.9E-324",
                    "1.7976931348623157E308",
                    "9007199254740993",
                    "0.1",
                    "-1e-7",
                    "+3");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "a",
                    " a ",
                    "null",
                    "\\N",
                    "say \"yes\"",
                    "two\nlines",
                    "x,y",
                    "名前 😀",
                    "\u0001",
                    "-0.0",
                    "'; DROP TABLE snapshot; --");

    @TempDir Path folder;

    static IntStream seeds() {
        return IntStream.range(0, 25);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void snapshot_readBack_isTheSameTable(int seed) throws IOException {
        ReadTable read = read(Files.writeString(folder.resolve("rows.csv"), csv(seed)));
        assertEquals(0, read.badRowCount(), () -> read.badRows().toString());
        Path parquet = folder.resolve("snapshot.parquet");

        ParquetWriter.write(read.table(), parquet);

        ReadTable back = read(parquet);
        assertEquals(0, back.badRowCount());
        assertSame(read.table(), back.table());
    }

    private static ReadTable read(Path file) {
        return new TableReader(SCHEMA).add(file, String.valueOf(file.getFileName())).finish();
    }

    private static String csv(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder csv = new StringBuilder("at,\"number, \"\"quoted\"\"\",straße\n");
        int rows = random.nextInt(3) == 0 ? 3_000 : random.nextInt(40);
        for (int row = 0; row < rows; row++) {
            long micros = random.nextLong(-2_000_000_000_000_000L, 4_000_000_000_000_000L);
            String number =
                    random.nextBoolean()
                            ? NUMBERS.get(random.nextInt(NUMBERS.size()))
                            : finite(random.nextLong());
            String text = TEXTS.get(random.nextInt(TEXTS.size()));
            csv.append(EventTime.instant(micros))
                    .append(',')
                    .append(number)
                    .append(",\"")
                    .append(text.replace("\"", "\"\""))
                    .append("\"\n");
        }
        return csv.toString();
    }

    private static String finite(long bits) {
        double value = Double.longBitsToDouble(bits);
        return Double.isFinite(value) ? Double.toString(value) : "1";
    }

    private static void assertSame(Table expected, Table found) {
        assertEquals(expected.rows(), found.rows());
        assertArrayEquals(expected.time("at").micros(), found.time("at").micros());
        String number = "number, \"quoted\"";
        assertArrayEquals(
                bits(expected.number(number).values()), bits(found.number(number).values()));
        CategoryColumn text = found.category("straße");
        for (int row = 0; row < expected.rows(); row++) {
            assertEquals(expected.category("straße").text(row), text.text(row));
        }
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
    }
}

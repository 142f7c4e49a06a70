package dev.perennial.core.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.table.Schema.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableReaderTest {
    private static final Schema SCHEMA =
            new Schema(
                    List.of(
                            new Field("at", ColumnType.TIME),
                            new Field("x", ColumnType.NUMBER),
                            new Field("kind", ColumnType.CATEGORY)));

    @TempDir Path folder;

    @Test
    void rows_areReadInOrder_columnsInTheSchemasOrder() throws IOException {
        ReadTable read =
                csv(
                        """
                        kind,x,at
                        a,1.5,2026-03-01
                        b,-2e3,2026-03-02T00:00:00Z
                        a,,1772582400
                        """);

        assertEquals(3, read.table().rows() + read.badRowCount());
        assertEquals(
                List.of("at", "x", "kind"),
                read.table().columns().stream().map(Column::name).toList());
        assertArrayEquals(new double[] {1.5, -2000, Double.NaN}, read.table().number("x").values());
        assertArrayEquals(new int[] {0, 1, 0}, read.table().category("kind").codes());
        assertEquals(List.of("a", "b"), read.table().category("kind").dictionary());
        assertEquals(
                List.of("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z"),
                Arrays.stream(read.table().time("at").micros())
                        .mapToObj(micros -> EventTime.instant(micros).toString())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFat,x,kind\n2026-03-01,1,a\n",
                "at,x,kind\r\n2026-03-01,1,a\r\n",
                "at,x,kind\n2026-03-01,1,a",
                "\"at\",\"x\",\"kind\"\n\"2026-03-01\",\"1\",\"a\"\n",
                "at,x,kind\n\n2026-03-01,1,a\n\n",
                "\uFEFF\"at\",x,kind\n2026-03-01,1,a\n",
            })
    void bomLineEndingsQuotesAndBlankLines_makeNoDifference(String text) throws IOException {
        ReadTable read = csv(text);

        assertEquals(List.of(), read.badRows());
        assertEquals(1, read.table().rows());
        assertEquals(1, read.table().number("x").values()[0]);
        assertEquals("a", read.table().category("kind").text(0));
    }

    @Test
    void quotedLineBreaksCommasAndQuotes_belongToTheValue_andLinesCountOn() throws IOException {
        ReadTable read = csv("at,x,kind\n2026-03-01,1,\"a\nb, \"\"c\"\"\"\n2026-03-01,wrong,d\n");

        assertEquals("a\nb, \"c\"", read.table().category("kind").text(0));
        assertEquals(4, read.badRows().getFirst().line());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-03-01,1 | '' | 2 fields, the header has 3",
                "2026-03-01,1,a,b | '' | 4 fields, the header has 3",
                "2026-03-01,one,a | x | not a number",
                "2026-03-01,1.5f,a | x | not a number",
                "2026-03-01,2d,a | x | not a number",
                "2026-03-01,0x1p3,a | x | not a number",
                "2026-03-01,1 000,a | x | not a number",
                "2026-03-01,Infinity,a | x | not a finite number",
                "2026-03-01,-Infinity,a | x | not a finite number",
                "2026-03-01,inf,a | x | not a number",
                "2026-03-01,1e400,a | x | not a finite number",
                "yesterday,1,a | at | not a time; expected ISO-8601",
                ",1,a | at | no time",
                "2026-02-30,1,a | at | not a time",
                "+999999999-01-01,1,a | at | not a time",
                "45000,1,a | at | too small for a Unix epoch",
                "2026-03-01,1,a\0b | kind | a text with a NUL character",
            })
    void badRow_isKeptAsideWithItsPlace_andTheOthersAreRead(
            String row, String column, String reason) throws IOException {
        ReadTable read = csv("at,x,kind\n2026-03-01,1,a\n" + row + "\n2026-03-02,2,b\n");

        assertEquals(1, read.badRowCount());
        BadRow bad = read.badRows().getFirst();
        assertEquals("rows.csv", bad.file());
        assertEquals(3, bad.line());
        assertEquals(column, bad.column());
        assertTrue(bad.reason().startsWith(reason), bad.toString());
        assertArrayEquals(new double[] {1, 2}, read.table().number("x").values());
        assertEquals("b", read.table().category("kind").text(1));
        assertEquals(3, read.table().rows() + read.badRowCount());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NA", "NaN", "nan", "N/A", "n/a", "null", "NULL", "None", "#N/A"})
    void wordsForNoValue_areMissingNumbers(String word) throws IOException {
        ReadTable read = csv("at,x,kind\n2026-03-01," + word + ",a\n");

        assertTrue(Double.isNaN(read.table().number("x").values()[0]));
        assertEquals(0, read.badRowCount());
    }

    @Test
    void emptyCategory_isMissing() throws IOException {
        ReadTable read = csv("at,x,kind\n2026-03-01,1,\n2026-03-01,1,\"\"\n");

        assertEquals("", read.table().category("kind").text(0));
        assertArrayEquals(new int[] {-1, -1}, read.table().category("kind").codes());
    }

    @Test
    void cellOfTenMegabytes_isABadRow_keptShort() throws IOException {
        ReadTable read =
                csv("at,x,kind\n2026-03-01,1," + "a".repeat(10 << 20) + "\n2026-03-02,2,b\n");

        BadRow bad = read.badRows().getFirst();
        assertEquals("kind", bad.column());
        assertTrue(bad.reason().startsWith("a cell of 10,485,760 characters"), bad.reason());
        assertTrue(bad.value().length() <= 201);
        assertEquals(1, read.table().rows());
    }

    @Test
    void manyBadRows_areAllCounted_theFirstKept() throws IOException {
        ReadTable read =
                csv("at,x,kind\n" + "2026-03-01,wrong,a\n".repeat(10_050) + "2026-03-01,1,a\n");

        assertEquals(10_050, read.badRowCount());
        assertEquals(TableReader.MAX_KEPT_BAD_ROWS, read.badRows().size());
        assertEquals(10_051, read.table().rows() + read.badRowCount());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | the file is empty",
                "'at,x\n2026-03-01,1\n' | column kind missing; the file has at, x",
                "'at\n2026-03-01\n' | columns x, kind missing; the file has at",
                "'at,x,kind,x\n' | column 'x' appears twice",
                "'at;x;kind\n2026-03-01;1;a\n' | the header has semicolons where CSV has commas",
                "'at\tx\tkind\n' | the header has tabs where CSV has commas",
                "'at,x,kind\n2026-03-01,1,\"a\n' | not valid CSV",
            })
    void fileThatIsUnreadableAsAWhole_isRefusedByName(String text, String problem) {
        UnreadableDataException refused =
                assertThrows(UnreadableDataException.class, () -> csv(text));

        assertTrue(refused.getMessage().startsWith("rows.csv: " + problem), refused.getMessage());
    }

    @Test
    void onlyABomOrBlankLines_isNoHeader() {
        for (String text : List.of("\n\n", "\uFEFF", "\uFEFF\n")) {
            assertThrows(UnreadableDataException.class, () -> csv(text));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 50_000})
    void whatIsNotUtf8_isRefused_namingTheLine(int line) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("at,x,kind\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("2026-03-01,1,é\n".repeat(line - 2).getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("2026-03-01,1,Zürich\n".getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes("2026-03-01,1,a\n".repeat(9).getBytes(StandardCharsets.UTF_8));

        UnreadableDataException refused =
                assertThrows(
                        UnreadableDataException.class, () -> read("rows.csv", bytes.toByteArray()));

        assertEquals(
                "rows.csv: line " + line + " is not UTF-8; save the file as UTF-8",
                refused.getMessage());
    }

    @Test
    void characterCutOffAtTheEnd_isNotUtf8() {
        byte[] text = "at,x,kind\n2026-03-01,1,é".getBytes(StandardCharsets.UTF_8);

        String message =
                assertThrows(
                                UnreadableDataException.class,
                                () -> read("rows.csv", Arrays.copyOf(text, text.length - 1)))
                        .getMessage();

        assertTrue(message.contains("line 2 is not UTF-8"), message);
    }

    @Test
    void headerOnly_isATableWithoutRows() throws IOException {
        ReadTable read = csv("at,x,kind\n");

        assertEquals(0, read.table().rows());
        assertEquals(0, read.table().rows() + read.badRowCount());
    }

    @Test
    void columnsNobodyAskedFor_areSkipped_andNamedOnce() throws IOException {
        Path first =
                write(
                        "a.csv",
                        "at,extra,x,kind\n2026-03-01,?,1,a\n".getBytes(StandardCharsets.UTF_8));
        Path second =
                write(
                        "b.csv",
                        "at,x,kind,more,extra\n2026-03-02,2,b,?,?\n"
                                .getBytes(StandardCharsets.UTF_8));

        ReadTable read = new TableReader(SCHEMA).add(first, "a.csv").add(second, "b.csv").finish();

        assertEquals(List.of("extra", "more"), read.skippedColumns());
        assertArrayEquals(new double[] {1, 2}, read.table().number("x").values());
    }

    @Test
    void severalFiles_becomeOneTable_withOneDictionary() throws IOException {
        Path first =
                write(
                        "a.csv",
                        "at,x,kind\n2026-03-01,1,a\n2026-03-01,?,a\n"
                                .getBytes(StandardCharsets.UTF_8));
        Path second =
                write(
                        "b.csv",
                        "kind,at,x\nb,2026-03-02,2\na,2026-03-03,3\n"
                                .getBytes(StandardCharsets.UTF_8));

        ReadTable read = new TableReader(SCHEMA).add(first, "a.csv").add(second, "b.csv").finish();

        assertArrayEquals(new double[] {1, 2, 3}, read.table().number("x").values());
        assertEquals(List.of("a", "b"), read.table().category("kind").dictionary());
        assertArrayEquals(new int[] {0, 1, 0}, read.table().category("kind").codes());
        assertEquals("a.csv", read.badRows().getFirst().file());
    }

    @Test
    void manyRows_outgrowTheFirstArrays() throws IOException {
        StringBuilder text = new StringBuilder("at,x,kind\n");
        for (int row = 0; row < 5_000; row++) {
            text.append("2026-03-01,").append(row).append(",k").append(row % 7).append('\n');
        }

        Table table = csv(text.toString()).table();

        assertEquals(5_000, table.rows());
        assertEquals(4_999, table.number("x").values()[4_999]);
        assertEquals("k1", table.category("kind").text(4_999));
    }

    @Test
    void folder_isListedInOrder_withoutWhatIsNoData() throws IOException {
        for (String name : List.of("b.CSV", "a.parquet", "c.txt", "date=2026-03-01.csv")) {
            write(name, new byte[] {1});
        }

        List<String> found = new ArrayList<>();
        for (Path each : TableReader.filesUnder(folder)) {
            found.add(each.getFileName().toString());
        }

        assertEquals(List.of("a.parquet", "b.CSV", "date=2026-03-01.csv"), found);
    }

    @Test
    void damagedCsv_isReadOrRefused_neverAnythingElse() throws IOException {
        byte[] valid =
                "at,x,kind\n2026-03-01,1.5,a\n1772582400,-2e3,\"b,c\"\n2026-03-02T00:00Z,,ü\n"
                        .repeat(3)
                        .getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(23);
        for (int draw = 0; draw < 1_000; draw++) {
            byte[] damaged = valid.clone();
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                ReadTable read = read("rows.csv", damaged);
                assertEquals(read.badRowCount(), read.badRows().size());
            } catch (UnreadableDataException refused) {
                assertTrue(refused.getMessage().startsWith("rows.csv: "));
            }
        }
    }

    @Test
    void csvNamedParquet_isRefused() {
        assertEquals(
                "rows.parquet: named .parquet, but does not begin with PAR1 as Parquet does",
                assertThrows(
                                UnreadableDataException.class,
                                () ->
                                        read(
                                                "rows.parquet",
                                                "at,x,kind\n".getBytes(StandardCharsets.UTF_8)))
                        .getMessage());
    }

    @Test
    void parquet_isReadLikeCsv_badRowsByTheirNumber() throws IOException {
        ReadTable read = read("rows.parquet", parquet());

        assertEquals(5, read.table().rows() + read.badRowCount());
        assertEquals(4, read.table().rows());
        assertArrayEquals(
                new double[] {0.5, 1.5, Double.NaN, 4.5}, read.table().number("x").values());
        assertEquals("b", read.table().category("kind").text(1));
        assertEquals("", read.table().category("kind").text(2));
        assertEquals(
                "2026-03-01T00:00:00Z",
                EventTime.instant(read.table().time("at").micros()[0]).toString());
        BadRow bad = read.badRows().getFirst();
        assertEquals(4, bad.line());
        assertEquals("x", bad.column());
        assertEquals("not a finite number", bad.reason());
        assertEquals(List.of("extra"), read.skippedColumns());
    }

    @Test
    void parquetColumnOfAnotherType_isRefused() throws IOException {
        Path file = write("rows.parquet", parquet());
        Schema textAsNumber =
                new Schema(
                        List.of(
                                new Field("at", ColumnType.TIME),
                                new Field("kind", ColumnType.NUMBER)));

        String message =
                assertThrows(
                                UnreadableDataException.class,
                                () -> new TableReader(textAsNumber).add(file, "rows.parquet"))
                        .getMessage();

        assertEquals("rows.parquet: column 'kind' should be a number but is BYTE_ARRAY", message);
    }

    @Test
    void truncatedParquet_isRefused_whereverItEnds() throws IOException {
        byte[] whole = parquet();
        for (int length = 1; length < whole.length; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);

            String message =
                    assertThrows(UnreadableDataException.class, () -> read("rows.parquet", cut))
                            .getMessage();

            assertTrue(message.startsWith("rows.parquet: n"), message);
        }
    }

    @Test
    void damagedParquet_isReadOrRefused_neverAnythingElse() throws IOException {
        byte[] valid = parquet();
        SplittableRandom random = new SplittableRandom(29);
        for (int draw = 0; draw < 300; draw++) {
            byte[] damaged = valid.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                read("rows.parquet", damaged);
            } catch (UnreadableDataException refused) {
                assertTrue(refused.getMessage().startsWith("rows.parquet: "));
            }
        }
    }

    /** What pandas, Spark and DuckDB write by themselves is snappy. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "lz4", "zstd"})
    void parquet_isReadHoweverItIsCompressed(String codec) throws IOException {
        ReadTable expected = read("rows.parquet", parquet());

        ReadTable found = read("rows.parquet", parquet(codec + ".parquet"));

        assertArrayEquals(
                expected.table().number("x").values(), found.table().number("x").values());
        assertEquals(texts(expected.table(), "kind"), texts(found.table(), "kind"));
    }

    @Test
    void compressionNobodyUses_isNamed() {
        String message =
                assertThrows(
                                UnreadableDataException.class,
                                () -> read("rows.parquet", parquet("brotli.parquet")))
                        .getMessage();

        assertTrue(message.contains("write it with snappy, zstd, gzip or lz4"), message);
        assertTrue(message.toLowerCase(Locale.ROOT).contains("brotli"), message);
    }

    /** What pandas makes of integers with a gap, and what databases export. */
    @Test
    void parquetTypes_areTheTextsThatACsvFileWouldHold() throws IOException {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("at", ColumnType.TIME));
        for (String name : List.of("double", "float", "small", "large", "day")) {
            fields.add(new Field(name, ColumnType.CATEGORY));
        }
        Table table = read("types.parquet", parquet("types.parquet"), fields).table();

        assertEquals(List.of("1", "", "2.5", "0", "9.007199254740994E15"), texts(table, "double"));
        assertEquals(List.of("1", "", "2.5", "0.1", "3000000000"), texts(table, "float"));
        for (String money : List.of("small", "large")) {
            assertEquals(List.of("1", "-2.5", "1234567.89", "0", "100"), texts(table, money));
        }
        assertEquals("2026-03-05", table.category("day").text(4));
    }

    @Test
    void parquetDecimals_areNumbers_unlessTheyAreTooWide() throws IOException {
        List<Field> decimals =
                List.of(
                        new Field("at", ColumnType.TIME),
                        new Field("small", ColumnType.NUMBER),
                        new Field("large", ColumnType.NUMBER));
        Table table = read("types.parquet", parquet("types.parquet"), decimals).table();
        double[] money = {1, -2.5, 1234567.89, 0, 100};
        assertArrayEquals(money, table.number("small").values());
        assertArrayEquals(money, table.number("large").values());

        for (ColumnType type : List.of(ColumnType.NUMBER, ColumnType.CATEGORY)) {
            List<Field> wide = List.of(new Field("at", ColumnType.TIME), new Field("wide", type));
            String message =
                    assertThrows(
                                    UnreadableDataException.class,
                                    () -> read("wide.parquet", parquet("wide.parquet"), wide))
                            .getMessage();
            assertTrue(message.contains("a decimal of more than 18 digits"), message);
        }
    }

    @Test
    void parquetDate_outOfRange_isABadRow() throws IOException {
        ReadTable read =
                read(
                        "types.parquet",
                        parquet("types.parquet"),
                        List.of(new Field("far", ColumnType.TIME)));

        assertEquals(4, read.table().rows());
        assertEquals("a date out of range", read.badRows().getFirst().reason());
        assertEquals(4, read.badRows().getFirst().line());
    }

    @Test
    void rawTable_holdsABeginning_andTimesAreThoseOfTheWhole() throws IOException {
        StringBuilder text = new StringBuilder("at,x\n");
        for (int row = 0; row < RawTable.MOST_ROWS + 500; row++) {
            text.append(1_700_000_000L + row).append(',').append(row).append('\n');
        }
        Path csv = write("big.csv", text.toString().getBytes(StandardCharsets.UTF_8));

        RawTable raw = RawTable.read(csv);

        assertEquals(RawTable.MOST_ROWS, raw.table().rows());
        assertEquals(RawTable.MOST_ROWS + 500, raw.times("at").rows());
    }

    private static List<String> texts(Table table, String column) {
        return IntStream.range(0, table.rows()).mapToObj(table.category(column)::text).toList();
    }

    private static byte[] parquet() throws IOException {
        return parquet("rows.parquet");
    }

    private ReadTable read(String name, byte[] content, List<Field> fields) throws IOException {
        return new TableReader(new Schema(fields)).add(write(name, content), name).finish();
    }

    /** Made by src/test/python/table_fixtures.py. */
    private static byte[] parquet(String name) throws IOException {
        try (var in = TableReaderTest.class.getResourceAsStream("/table/" + name)) {
            return in.readAllBytes();
        }
    }

    private ReadTable csv(String text) throws IOException {
        return read("rows.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    private ReadTable read(String name, byte[] content) throws IOException {
        return new TableReader(SCHEMA).add(write(name, content), name).finish();
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }
}

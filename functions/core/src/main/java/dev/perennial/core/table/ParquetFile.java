package dev.perennial.core.table;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import dev.perennial.core.table.Schema.Field;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Parquet file with flat columns on its way into a {@link TableReader}. */
final class ParquetFile {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** Exceptions may name each other in a circle. */
    private static final int MOST_CAUSES = 20;

    /** Of the year 9999, in days from 1970. */
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private static final int LARGE = 2_000_000;

    private final Path file;
    private final String name;
    private final TableReader reader;

    ParquetFile(Path file, String name, TableReader reader) {
        this.file = file;
        this.name = name;
        this.reader = reader;
    }

    void read() throws IOException {
        checkMagic();
        try (ParquetFileReader parquet = ParquetFileReader.open(InputFile.of(file))) {
            List<ColumnSchema> present = parquet.getFileSchema().getColumns();
            reader.locate(
                    name, present.stream().map(column -> column.fieldPath().toString()).toList());
            present.stream()
                    .filter(column ->
                            reader.schema().field(column.fieldPath().toString()).isPresent())
                    .forEach(column -> reader.saw(column.fieldPath().toString(), storedAs(column)));
            String[] wanted =
                    reader.schema().fields().stream().map(Field::name).toArray(String[]::new);
            try (ColumnReaders columns = parquet.columnReaders(ColumnProjection.columns(wanted))) {
                readBatches(columns, parquet.getFileMetaData().numRows());
            }
        } catch (UnreadableDataException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            rethrowErrors(broken);
            Optional<Throwable> unsupported =
                    Stream.<Throwable>iterate(broken, Objects::nonNull, Throwable::getCause)
                            .limit(MOST_CAUSES)
                            .filter(UnsupportedOperationException.class::isInstance)
                            .findFirst();
            if (unsupported.isPresent()) {
                throw new UnreadableDataException(
                        name,
                        "in a form of Parquet that can't be read here; write it with snappy, zstd, gzip or lz4 compression: "
                                + unsupported.get().getMessage(),
                        broken);
            }
            throw new UnreadableDataException(
                    name,
                    "not a readable Parquet file (truncated or damaged?): " + broken.getMessage(),
                    broken);
        }
    }

    /** What a worker ran out of is not the file's fault. */
    private static void rethrowErrors(Throwable broken) {
        Stream.<Throwable>iterate(broken, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .filter(Error.class::isInstance)
                .map(Error.class::cast)
                .findFirst()
                .ifPresent(error -> {
                    throw error;
                });
    }

    private static String storedAs(ColumnSchema column) {
        LogicalType logical = column.logicalType();
        return logical == null ? column.type().toString() : logical.toString();
    }

    private void checkMagic() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(start, MAGIC)) {
                throw new UnreadableDataException(
                        name, "named .parquet, but does not begin with PAR1 as Parquet does");
            }
        }
    }

    /**
     * Reads no further than the last row: to be told that there is no batch after it takes ten
     * milliseconds.
     */
    private void readBatches(ColumnReaders columns, long rows) {
        List<Field> fields = reader.schema().fields();
        expect(rows);
        long row = 0;
        while (!reader.isFull() && row < rows && columns.nextBatch()) {
            int batch = columns.getRecordCount();
            List<Cells> cells =
                    fields.stream()
                            .map(field ->
                                    cells(field, columns.getColumnReader(field.name()), batch))
                            .toList();
            if (reader.hasRoomFor(batch) && writeColumns(cells, batch)) {
                reader.acceptRows(batch);
                row += batch;
                continue;
            }
            for (int i = 0; i < batch && !reader.isFull(); i++) {
                readRow(cells, i, ++row);
            }
        }
    }

    /**
     * Makes room for a large file's rows at once: columns that grow need up to twice the memory.
     * What the file says is believed as far as its size allows.
     */
    private void expect(long rows) {
        try {
            if (rows > LARGE) {
                reader.expect(Math.min(rows, Files.size(file)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Writes a batch column by column, which is faster than row by row.
     *
     * @return false if a cell can't stand there: then nothing counts, and its row has to be found
     */
    private boolean writeColumns(List<Cells> cells, int batch) {
        int first = reader.row();
        return cells.parallelStream().allMatch(column -> column.writer().writeAll(batch, first));
    }

    private void readRow(List<Cells> cells, int index, long row) {
        for (int column = 0; column < cells.size(); column++) {
            ColumnBuilder builder = reader.builder(column);
            String reason = cells.get(column).write(index, reader.row());
            if (reason != null) {
                String value = String.valueOf(cells.get(column).describe(index));
                reader.rejectRow(new BadRow(name, row, builder.name, value, reason));
                return;
            }
        }
        reader.acceptRow();
    }

    /**
     * One column of one batch: writes the value at an index to a row of its builder, or says why
     * not.
     */
    private record Cells(CellWriter writer, IntFunction<String> describer) {
        @Nullable String write(int index, int row) {
            return writer.write(index, row);
        }

        String describe(int index) {
            return describer.apply(index);
        }
    }

    @FunctionalInterface
    private interface CellWriter {
        @Nullable String write(int index, int row);

        /** Writes a whole batch from a row on; false if one of its cells can't stand there. */
        default boolean writeAll(int batch, int row) {
            for (int i = 0; i < batch; i++) {
                if (write(i, row + i) != null) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Numbers are most of many tables, so they are copied at once. */
    private static final class NumberWriter implements CellWriter {
        private final ColumnBuilder.Numbers builder;
        private final double[] values;
        private final Validity validity;

        NumberWriter(ColumnBuilder.Numbers builder, double[] values, Validity validity) {
            this.builder = builder;
            this.values = values;
            this.validity = validity;
        }

        @Override
        public @Nullable String write(int index, int row) {
            return validity.isNull(index)
                    ? builder.setMissing(row)
                    : builder.set(row, values[index]);
        }

        @Override
        public boolean writeAll(int batch, int row) {
            if (!validity.hasNulls()) {
                return builder.setAll(row, values, batch);
            }
            double[] present = Arrays.copyOf(values, batch);
            for (int i = 0; i < batch; i++) {
                present[i] = validity.isNull(i) ? Double.NaN : present[i];
            }
            return builder.setAll(row, present, batch);
        }
    }

    private Cells cells(Field field, ColumnReader column, int batch) {
        ColumnSchema schema = column.getColumnSchema();
        if (schema.maxRepetitionLevel() > 0) {
            throw unusable(field, "a list");
        }
        Validity validity = column.getLeafValidity();
        ColumnBuilder builder = reader.builder(reader.schema().fields().indexOf(field));
        return switch (builder) {
            case ColumnBuilder.Numbers numbers -> {
                double[] values = numbers(field, column, batch);
                yield new Cells(
                        new NumberWriter(numbers, values, validity),
                        index -> validity.isNull(index) ? "" : Double.toString(values[index]));
            }
            case ColumnBuilder.Categories categories
                    when schema.type() == PhysicalType.BYTE_ARRAY
                            && !(schema.logicalType() instanceof LogicalType.DecimalType) -> {
                byte[] bytes = column.getBinaryValues();
                int[] offsets = column.getBinaryOffsets();
                yield new Cells(
                        (index, row) ->
                                validity.isNull(index)
                                        ? categories.setMissing(row)
                                        : categories.set(
                                                row,
                                                bytes,
                                                offsets[index],
                                                offsets[index + 1] - offsets[index]),
                        index ->
                                validity.isNull(index)
                                        ? ""
                                        : new String(
                                                bytes,
                                                offsets[index],
                                                offsets[index + 1] - offsets[index],
                                                StandardCharsets.UTF_8));
            }
            case ColumnBuilder.Categories categories -> {
                IntFunction<String> texts = texts(field, column);
                yield new Cells(
                        (index, row) -> {
                            if (validity.isNull(index)) {
                                return categories.setMissing(row);
                            }
                            return categories.set(row, texts.apply(index));
                        },
                        index -> validity.isNull(index) ? "" : texts.apply(index));
            }
            case ColumnBuilder.Times times -> times(field, column, validity, times);
        };
    }

    private double[] numbers(Field field, ColumnReader column, int batch) {
        ColumnSchema schema = column.getColumnSchema();
        if (schema.logicalType() instanceof LogicalType.DecimalType decimal) {
            IntFunction<BigDecimal> decimals = decimals(field, column, decimal);
            return IntStream.range(0, batch)
                    .mapToDouble(i -> decimals.apply(i).doubleValue())
                    .toArray();
        }
        if (schema.type() == PhysicalType.DOUBLE) {
            return column.getDoubles();
        }
        double[] values = new double[batch];
        switch (schema.type()) {
            case FLOAT -> {
                float[] from = column.getFloats();
                for (int i = 0; i < batch; i++) {
                    values[i] = from[i];
                }
            }
            case INT32 -> {
                int[] from = column.getInts();
                for (int i = 0; i < batch; i++) {
                    values[i] = from[i];
                }
            }
            case INT64 -> {
                long[] from = column.getLongs();
                for (int i = 0; i < batch; i++) {
                    values[i] = from[i];
                }
            }
            case BOOLEAN -> {
                boolean[] from = column.getBooleans();
                for (int i = 0; i < batch; i++) {
                    values[i] = from[i] ? 1 : 0;
                }
            }
            default -> throw unusable(field, schema.type().toString());
        }
        return values;
    }

    /** Decimals of up to 18 digits, which are stored as integers. */
    private IntFunction<BigDecimal> decimals(
            Field field, ColumnReader column, LogicalType.DecimalType decimal) {
        return switch (column.getColumnSchema().type()) {
            case INT32 -> {
                int[] from = column.getInts();
                yield index -> BigDecimal.valueOf(from[index], decimal.scale());
            }
            case INT64 -> {
                long[] from = column.getLongs();
                yield index -> BigDecimal.valueOf(from[index], decimal.scale());
            }
            default ->
                    throw unusable(field, "a decimal of more than 18 digits; write it as DOUBLE");
        };
    }

    /** As a CSV file of the same rows would have it: an integer is written without a point. */
    private IntFunction<String> texts(Field field, ColumnReader column) {
        LogicalType logical = column.getColumnSchema().logicalType();
        if (logical instanceof LogicalType.DecimalType decimal) {
            IntFunction<BigDecimal> decimals = decimals(field, column, decimal);
            return index -> {
                BigDecimal value = decimals.apply(index);
                return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
            };
        }
        switch (column.getColumnSchema().type()) {
            case INT32 -> {
                int[] from = column.getInts();
                return logical instanceof LogicalType.DateType
                        ? index -> LocalDate.ofEpochDay(from[index]).toString()
                        : index -> Integer.toString(from[index]);
            }
            case INT64 -> {
                long[] from = column.getLongs();
                ColumnSchema schema = column.getColumnSchema();
                boolean time = logical instanceof LogicalType.TimestampType;
                return index ->
                        time
                                ? EventTime.instant(micros(schema, from[index])).toString()
                                : Long.toString(from[index]);
            }
            case BOOLEAN -> {
                boolean[] from = column.getBooleans();
                return index -> Boolean.toString(from[index]);
            }
            case DOUBLE -> {
                double[] from = column.getDoubles();
                return index -> plain(from[index], Double.toString(from[index]));
            }
            case FLOAT -> {
                float[] from = column.getFloats();
                return index -> plain(from[index], Float.toString(from[index]));
            }
            default -> throw unusable(field, column.getColumnSchema().type().toString());
        }
    }

    /** Exporters turn integers into floating point where some are missing: 1.0 is 1. */
    private static String plain(double value, String otherwise) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : otherwise;
    }

    private Cells times(
            Field field, ColumnReader column, Validity validity, ColumnBuilder.Times times) {
        ColumnSchema schema = column.getColumnSchema();
        if (schema.type() == PhysicalType.BYTE_ARRAY) {
            String[] from = column.getStrings();
            return new Cells(
                    (index, row) ->
                            validity.isNull(index) ? "no time" : times.set(row, from[index]),
                    index -> String.valueOf(from[index]));
        }
        if (schema.type() == PhysicalType.INT32
                && schema.logicalType() instanceof LogicalType.DateType) {
            int[] days = column.getInts();
            return new Cells(
                    (index, row) -> {
                        if (validity.isNull(index)) {
                            return "no time";
                        }
                        if (Math.abs((long) days[index]) > LAST_DAY) {
                            return "a date out of range";
                        }
                        return times.setMicros(row, days[index] * 86_400_000_000L);
                    },
                    index -> Integer.toString(days[index]));
        }
        if (schema.type() != PhysicalType.INT64) {
            throw unusable(field, schema.type().toString());
        }
        long[] from = column.getLongs();
        return new Cells(
                (index, row) -> {
                    if (validity.isNull(index)) {
                        return "no time";
                    }
                    try {
                        return times.setMicros(row, micros(schema, from[index]));
                    } catch (IllegalArgumentException | ArithmeticException outside) {
                        return String.valueOf(outside.getMessage());
                    }
                },
                index -> Long.toString(from[index]));
    }

    private static long micros(ColumnSchema schema, long value) {
        if (schema.logicalType() instanceof LogicalType.TimestampType timestamp) {
            return switch (timestamp.unit()) {
                case MILLIS -> Math.multiplyExact(value, 1_000L);
                case MICROS -> value;
                case NANOS -> Math.floorDiv(value, 1_000L);
            };
        }
        return EventTime.ofEpoch(value);
    }

    private UnreadableDataException unusable(Field field, String found) {
        return new UnreadableDataException(
                name,
                "column '%s' should be a %s but is %s"
                        .formatted(
                                field.name(),
                                field.type().toString().toLowerCase(java.util.Locale.ROOT),
                                found));
    }
}

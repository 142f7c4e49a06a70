package dev.perennial.local.replay;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows in order of time, as callers would have asked and labels would have come. */
public final class History {
    private final PipelineSpec spec;
    private final Table rows;
    private final List<String> asked;
    private final List<String> labelled;

    private History(PipelineSpec spec, Table rows) {
        this.spec = spec;
        this.rows = rows;
        this.asked =
                Stream.of(
                                Stream.of(spec.time()),
                                spec.key().stream(),
                                spec.features().stream().map(FeatureSpec::name))
                        .flatMap(each -> each)
                        .distinct()
                        .toList();
        this.labelled =
                Stream.of(
                                Stream.of(spec.time()),
                                spec.key().stream(),
                                Stream.of(spec.label().column()))
                        .flatMap(each -> each)
                        .toList();
    }

    /**
     * Reads.
     *
     * @param files by their name in messages
     * @throws dev.perennial.core.table.UnreadableDataException if a file can't be read
     */
    public static History read(PipelineSpec spec, Map<String, Path> files) {
        TableReader reader = new TableReader(spec.schema());
        files.forEach((name, file) -> reader.add(file, name));
        ReadTable read = reader.finish();
        long[] micros = read.table().time(spec.time()).micros();
        int[] order =
                IntStream.range(0, micros.length)
                        .boxed()
                        .sorted(Comparator.comparingLong(row -> micros[row]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return new History(spec, read.table().select(order));
    }

    /** The rows before a moment. */
    public History before(Instant moment) {
        return new History(spec, rows.range(0, from(moment)));
    }

    /** The moment of the last row; the epoch if there is none. */
    public Instant end() {
        return rows() == 0 ? Instant.EPOCH : time(rows() - 1);
    }

    int rows() {
        return rows.rows();
    }

    public Instant time(int row) {
        return EventTime.instant(rows.time(spec.time()).micros()[row]);
    }

    /** When a row's label would have been known. */
    Instant known(int row) {
        return time(row).plus(spec.label().delay());
    }

    /** The first row at or after a moment; {@link #rows()} if there is none. */
    int from(Instant moment) {
        return (int)
                IntStream.range(0, rows()).takeWhile(row -> time(row).isBefore(moment)).count();
    }

    String label(int row) {
        return cell(rows.column(spec.label().column()), row);
    }

    boolean isNumeric() {
        return spec.task() == Task.REGRESSION;
    }

    /** What a caller would have sent: time, key and features of some rows, as CSV. */
    byte[] requests(int from, int to) {
        return csv(asked, from, to);
    }

    /** What would have come back later: time, key and label, as CSV. */
    byte[] labels(int from, int to) {
        return csv(labelled, from, to);
    }

    private byte[] csv(List<String> names, int from, int to) {
        List<Column> columns = names.stream().map(rows::column).toList();
        List<String> lines = new ArrayList<>();
        lines.add(names.stream().map(History::quoted).collect(Collectors.joining(",")));
        for (int row = from; row < to; row++) {
            int at = row;
            lines.add(
                    columns.stream()
                            .map(column -> quoted(cell(column, at)))
                            .collect(Collectors.joining(",")));
        }
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String cell(Column column, int row) {
        return switch (column) {
            case NumberColumn numbers ->
                    Double.isNaN(numbers.values()[row])
                            ? ""
                            : Double.toString(numbers.values()[row]);
            case CategoryColumn categories -> categories.text(row);
            case TimeColumn times -> EventTime.instant(times.micros()[row]).toString();
        };
    }

    static String quoted(String text) {
        return text.chars().anyMatch(each -> ",\"\r\n".indexOf(each) >= 0)
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}

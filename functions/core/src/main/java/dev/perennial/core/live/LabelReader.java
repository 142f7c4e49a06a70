package dev.perennial.core.live;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.metric.Task;
import dev.perennial.core.serving.RefusedRequestException;
import dev.perennial.core.serving.RequestCsv;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.ReadTable;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads labels as they come late. A label names its row by the prediction's id, or by the row's key
 * and time. Whatever is no label of the spec is refused with its row and reason.
 */
public final class LabelReader {
    public static final int MOST_ROWS = 1_000;
    private static final int LONGEST_TEXT = 200;
    private static final String ID = "id";
    private static final String LABEL = "label";

    private final PipelineSpec spec;

    public LabelReader(PipelineSpec spec) {
        this.spec = spec;
    }

    /**
     * Reads {@code {"labels": [{"id": "…", "label": …}, {"key": {"column": "…"}, "time": "…",
     * "label": …}]}}; {@code key} is left out where the spec has none.
     *
     * @throws RefusedRequestException if it is anything else
     */
    public LiveMessage json(byte[] body, Instant at) {
        JsonNode root;
        try {
            root = Json.tree("the request", body);
        } catch (MalformedJsonException broken) {
            throw RefusedRequestException.of(String.valueOf(broken.getMessage()));
        }
        JsonNode items = root.path("labels");
        if (!root.isObject() || !items.isArray() || root.size() != 1) {
            throw RefusedRequestException.of(
                    "expected an object with an array 'labels' and nothing else, such as {\"labels\": [{\"id\": \"…\", \"label\": …}]}");
        }
        Labels labels = new Labels(items.size());
        for (int row = 0; row < items.size(); row++) {
            JsonNode item = items.get(row);
            checkNames(row, item);
            JsonNode id = item.path(ID);
            if (id.isString() && !id.stringValue().isEmpty()) {
                labels.ids[row] = text(row, ID, id.stringValue());
            } else if (item.has(ID)) {
                throw RefusedRequestException.of("row %d: 'id' should be a text".formatted(row));
            } else {
                labels.entities[row] = entity(row, item.path("key"));
                labels.micros[row] = moment(row, item.path("time"));
            }
            labels.set(row, item.path(LABEL));
        }
        return labels.message(at);
    }

    private void checkNames(int row, JsonNode item) {
        if (!item.isObject()) {
            throw RefusedRequestException.of("row %d should be an object".formatted(row));
        }
        Set<String> allowed = item.has(ID) ? Set.of(ID, LABEL) : Set.of("key", "time", LABEL);
        for (String name : item.propertyNames()) {
            if (!allowed.contains(name)) {
                throw RefusedRequestException.of(
                        "row %d: unexpected '%s'; a label has an id, or %stime"
                                .formatted(
                                        row,
                                        RefusedRequestException.shown(name),
                                        spec.key().isEmpty() ? "" : "key and "));
            }
        }
    }

    private String entity(int row, JsonNode key) {
        List<String> values = new ArrayList<>();
        for (String column : spec.key()) {
            JsonNode value = key.path(column);
            if (!value.isString() || value.stringValue().isEmpty()) {
                throw RefusedRequestException.of(
                        "row %d: 'key' should have the text '%s'; a label without id names its row by key and time"
                                .formatted(row, column));
            }
            values.add(text(row, column, value.stringValue()));
        }
        if (key.size() > values.size()) {
            throw RefusedRequestException.of(
                    "row %d: 'key' has more than the key %s".formatted(row, spec.key()));
        }
        return values.isEmpty() ? "" : LiveColumns.entity(spec, values);
    }

    private static long moment(int row, JsonNode time) {
        if (!time.isString() && !time.isIntegralNumber()) {
            throw RefusedRequestException.of(
                    "row %d: 'time' should be the row's time; a label without id names its row by it"
                            .formatted(row));
        }
        try {
            return EventTime.parse(time.asString());
        } catch (IllegalArgumentException unreadable) {
            throw RefusedRequestException.of(
                    "row %d: time: %s".formatted(row, unreadable.getMessage()));
        }
    }

    /**
     * Reads CSV with a header: a column {@code id}, or else the spec's time and key; and the
     * label's column, or one that is called {@code label}. Other columns are skipped, so history
     * files do.
     *
     * @throws RefusedRequestException if a row, a column or the whole is not right
     */
    public LiveMessage csv(byte[] body, Instant at) {
        String header = new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("");
        List<String> names =
                Arrays.asList(header.replace("\uFEFF", "").replace("\"", "").split(","));
        boolean byId = names.contains(ID) && !spec.key().contains(ID);
        if (byId && names.contains(spec.time()) && names.containsAll(spec.key())) {
            throw RefusedRequestException.of(
                    "the file has '%s', which would be a prediction's, and the rows' '%s'%s too; leave out one or the other"
                            .formatted(
                                    ID,
                                    spec.time(),
                                    spec.key().isEmpty() ? "" : " and key " + spec.key()));
        }
        String own = spec.label().column();
        String label = !names.contains(own) && names.contains(LABEL) ? LABEL : own;
        List<Field> fields = new ArrayList<>();
        if (byId) {
            fields.add(new Field(ID, ColumnType.CATEGORY));
        } else {
            fields.add(new Field(spec.time(), ColumnType.TIME));
            spec.key().forEach(key -> fields.add(new Field(key, ColumnType.CATEGORY)));
        }
        ColumnType type = isNumber() ? ColumnType.NUMBER : ColumnType.CATEGORY;
        fields.add(new Field(label, type));
        ReadTable read = RequestCsv.read(body, fields);
        RequestCsv.refuseBadRows(read);
        Table rows = read.table();
        Labels labels = new Labels(rows.rows());
        for (int row = 0; row < rows.rows(); row++) {
            if (byId) {
                labels.ids[row] = text(row, ID, rows.category(ID).text(row));
            } else {
                labels.micros[row] = rows.time(spec.time()).micros()[row];
                int at0 = row;
                List<String> key =
                        spec.key().stream()
                                .map(name -> text(at0, name, rows.category(name).text(at0)))
                                .toList();
                labels.entities[row] = key.isEmpty() ? "" : LiveColumns.entity(spec, key);
            }
            if (isNumber()) {
                labels.number(row, rows.number(label).values()[row]);
            } else {
                labels.category(row, rows.category(label).text(row));
            }
        }
        return labels.message(at);
    }

    private boolean isNumber() {
        return spec.task() == Task.REGRESSION;
    }

    private static String text(int row, String column, String value) {
        if (value.isEmpty() || value.length() > LONGEST_TEXT || value.indexOf('\0') >= 0) {
            throw RefusedRequestException.of(
                    "row %d, column '%s': expected a text of 1 to %d characters"
                            .formatted(row, column, LONGEST_TEXT));
        }
        return value;
    }

    /** The rows while they are read. */
    private final class Labels {
        private final @Nullable String[] ids;
        private final @Nullable String[] entities;
        private final long[] micros;
        private final @Nullable String[] classes;
        private final double[] numbers;

        Labels(int rows) {
            if (rows == 0) {
                throw RefusedRequestException.of("no label");
            }
            if (rows > MOST_ROWS) {
                throw new RefusedRequestException(
                        RefusedRequestException.TOO_LARGE,
                        "%,d labels; at most %,d in one request".formatted(rows, MOST_ROWS));
            }
            ids = new String[rows];
            entities = new String[rows];
            micros = new long[rows];
            Arrays.fill(micros, TimeColumn.MISSING);
            classes = new String[rows];
            numbers = new double[rows];
        }

        void set(int row, JsonNode label) {
            if (isNumber() && label.isNumber()) {
                number(row, label.doubleValue(Double.POSITIVE_INFINITY)); // if out of range
            } else if (!isNumber() && label.isString()) {
                category(row, label.stringValue());
            } else {
                throw RefusedRequestException.of(
                        "row %d: 'label' should be %s"
                                .formatted(row, isNumber() ? "a number" : "a text"));
            }
        }

        void number(int row, double value) {
            if (!Double.isFinite(value)) {
                throw RefusedRequestException.of(
                        "row %d: the label is missing or no finite number".formatted(row));
            }
            numbers[row] = value;
        }

        void category(int row, String value) {
            List<String> known = spec.label().classes();
            if (!known.isEmpty() && !known.contains(value)) {
                throw RefusedRequestException.of(
                        "row %d: the label '%s' is none of %s"
                                .formatted(row, RefusedRequestException.shown(value), known));
            }
            classes[row] = text(row, spec.label().column(), value);
        }

        LiveMessage message(Instant at) {
            Column label =
                    isNumber()
                            ? new NumberColumn(LiveColumns.LABEL, numbers)
                            : category(LiveColumns.LABEL, classes);
            return new LiveMessage(
                    spec.name(),
                    LiveMessage.Kind.LABELS,
                    OptionalInt.empty(),
                    new Table(
                            List.of(
                                    category(LiveColumns.ID, ids),
                                    category(LiveColumns.ENTITY, entities),
                                    new TimeColumn(LiveColumns.TIME, micros),
                                    LiveColumns.moment(LiveColumns.AT, at, ids.length),
                                    label)));
        }

        private static CategoryColumn category(String name, @Nullable String[] texts) {
            return CategoryColumn.of(name, Arrays.asList(texts));
        }
    }
}

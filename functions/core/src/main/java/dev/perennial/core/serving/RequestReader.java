package dev.perennial.core.serving;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.spec.FeatureSpec;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads rows as a caller sends them. Whatever doesn't fit the spec's columns and types is refused
 * with its row, column and reason; nothing is guessed, and a feature that was left out is not taken
 * for a missing value. Only a feature of a view may be left out: it is looked up.
 */
public final class RequestReader {
    private static final int LONGEST_TEXT = 65_536;

    private final PipelineSpec spec;
    private final List<Field> columns;
    private final Set<String> passedOver;

    public RequestReader(PipelineSpec spec) {
        this(spec, Set.of());
    }

    /**
     * As above, of a request that is read by others too.
     *
     * @param passedOver columns that only they take
     */
    private RequestReader(PipelineSpec spec, Set<String> passedOver) {
        this.spec = spec;
        this.passedOver = passedOver;
        this.columns = new ArrayList<>();
        for (FeatureSpec feature : spec.features()) {
            columns.add(new Field(feature.name(), feature.type()));
        }
        for (String key : spec.key()) {
            if (columns.stream().noneMatch(column -> column.name().equals(key))) {
                columns.add(new Field(key, ColumnType.CATEGORY));
            }
        }
    }

    /**
     * A row that is taken, with as little in it as there may be: null but for keys and times.
     *
     * @param at for the times
     */
    public ObjectNode emptiestRow(Instant at) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (Field column : columns) {
            if (spec.key().contains(column.name())) {
                row.put(column.name(), "nobody");
            } else if (column.type() == ColumnType.TIME) {
                row.put(column.name(), at.toString());
            } else {
                row.putNull(column.name());
            }
        }
        return row;
    }

    /** Reads the same, and passes over the columns that only another version takes. */
    public RequestReader beside(RequestReader other) {
        Set<String> others = new LinkedHashSet<>();
        other.columns.forEach(column -> others.add(column.name()));
        others.add(other.spec.time());
        return new RequestReader(spec, others);
    }

    /**
     * Reads {@code {"rows": [{"column": value, …}, …], "explain": false}}; a value is a number, a
     * text, or null where it is missing.
     *
     * @throws RefusedRequestException if it is anything else
     */
    public PredictionRequest json(byte[] body) {
        JsonNode root;
        try {
            root = Json.tree("the request", body);
        } catch (MalformedJsonException broken) {
            throw RefusedRequestException.of(String.valueOf(broken.getMessage()));
        }
        JsonNode rows = root.path("rows");
        JsonNode explain = root.path("explain");
        if (!root.isObject() || !rows.isArray()) {
            throw RefusedRequestException.of(
                    "expected an object with an array 'rows', such as {\"rows\": [{…}]}");
        }
        for (String name : root.propertyNames()) {
            if (!name.equals("rows") && !name.equals("explain")) {
                throw RefusedRequestException.of(
                        "unknown key '%s' beside 'rows'; expected 'explain' or nothing"
                                .formatted(RefusedRequestException.shown(name)));
            }
        }
        if (!explain.isMissingNode() && !explain.isBoolean()) {
            throw RefusedRequestException.of("'explain' should be true or false");
        }
        checkCount(rows.size());
        if (explain.asBoolean(false) && rows.size() > 1) {
            throw RefusedRequestException.of(
                    "'explain' explains one row; this request has %,d".formatted(rows.size()));
        }
        Set<String> known = known(rows);
        List<Column> read = new ArrayList<>();
        Map<String, BitSet> leftOut = new TreeMap<>();
        for (Field column : columns) {
            if (spec.isOfView(column.name())) {
                BitSet without = rowsWithout(rows, column.name());
                if (!without.isEmpty()) {
                    leftOut.put(column.name(), without);
                }
            }
            read.add(
                    switch (column.type()) {
                        case NUMBER -> numbers(column.name(), rows);
                        case CATEGORY -> categories(column.name(), rows);
                        case TIME -> times(column.name(), rows);
                    });
        }
        if (known.contains(spec.time())) {
            read.add(times(spec.time(), rows));
        }
        Table table = new Table(read);
        checkKeys(table);
        return new PredictionRequest(table, explain.asBoolean(false), leftOut);
    }

    private static BitSet rowsWithout(JsonNode rows, String column) {
        BitSet without = new BitSet();
        for (int row = 0; row < rows.size(); row++) {
            without.set(row, !rows.get(row).has(column));
        }
        return without;
    }

    /**
     * Reads CSV with a header line, by the rules that training data is read by.
     *
     * @throws RefusedRequestException if a row, a column or the whole is not right
     */
    public PredictionRequest csv(byte[] body) {
        List<String> header = RequestCsv.header(body);
        List<Field> there = new ArrayList<>();
        columns.stream()
                .filter(column -> header.contains(column.name()) || !spec.isOfView(column.name()))
                .forEach(there::add);
        if (header.contains(spec.time())) {
            there.add(new Field(spec.time(), ColumnType.TIME));
        }
        ReadTable read = RequestCsv.read(body, there);
        Optional<String> unknown =
                read.skippedColumns().stream()
                        .filter(name -> !passedOver.contains(name))
                        .findFirst();
        if (unknown.isPresent()) {
            throw RefusedRequestException.of(
                    "unknown column '%s'; the model takes %s"
                            .formatted(RefusedRequestException.shown(unknown.get()), names()));
        }
        RequestCsv.refuseBadRows(read);
        checkCount(read.table().rows());
        Map<String, BitSet> leftOut = new TreeMap<>();
        List<Column> whole = new ArrayList<>(read.table().columns());
        int rows = read.table().rows();
        for (Field column : columns) {
            if (!there.contains(column)) {
                BitSet all = new BitSet();
                all.set(0, rows);
                leftOut.put(column.name(), all);
                whole.add(Column.missing(column.name(), column.type(), rows));
            } else if (column.type() == ColumnType.NUMBER) {
                double[] values = read.table().number(column.name()).values();
                for (int row = 0; row < values.length; row++) {
                    checkRange(row, column.name(), values[row]);
                }
            }
        }
        Table table = new Table(whole);
        checkKeys(table);
        return new PredictionRequest(table, false, leftOut);
    }

    private static void checkCount(int rows) {
        if (rows == 0) {
            throw RefusedRequestException.of("no row to predict");
        }
        if (rows > PredictionRequest.MOST_ROWS) {
            throw new RefusedRequestException(
                    RefusedRequestException.TOO_LARGE,
                    "%,d rows; at most %,d in one request"
                            .formatted(rows, PredictionRequest.MOST_ROWS));
        }
    }

    /** The columns that the rows have, each of which has to be known. */
    private Set<String> known(JsonNode rows) {
        Set<String> found = new LinkedHashSet<>();
        for (int row = 0; row < rows.size(); row++) {
            if (!rows.get(row).isObject()) {
                throw RefusedRequestException.of(
                        "row %d should be an object of columns and values".formatted(row));
            }
            for (String name : rows.get(row).propertyNames()) {
                boolean known =
                        name.equals(spec.time())
                                || passedOver.contains(name)
                                || columns.stream().anyMatch(column -> column.name().equals(name));
                if (!known) {
                    throw RefusedRequestException.at(
                            row, name, "unknown; the model takes " + names());
                }
                found.add(name);
            }
        }
        return found;
    }

    private String names() {
        return String.join(", ", columns.stream().map(Field::name).limit(50).toList());
    }

    /** A view's column that is left out is missing, until it is looked up. */
    private JsonNode cell(JsonNode rows, int row, String column) {
        JsonNode value = rows.get(row).path(column);
        if (value.isMissingNode()) {
            if (spec.isOfView(column)) {
                return JsonNodeFactory.instance.nullNode();
            }
            throw RefusedRequestException.at(
                    row, column, "left out; send null where its value is missing");
        }
        return value;
    }

    private NumberColumn numbers(String name, JsonNode rows) {
        double[] values = new double[rows.size()];
        for (int row = 0; row < values.length; row++) {
            JsonNode value = cell(rows, row, name);
            if (!value.isNumber() && !value.isNull()) {
                throw RefusedRequestException.at(
                        row, name, "expected a number or null, found " + kind(value));
            }
            values[row] =
                    value.isNull()
                            ? Double.NaN
                            : value.doubleValue(Double.POSITIVE_INFINITY); // if out of range
            if (value.isNumber()) {
                checkRange(row, name, values[row]);
            }
        }
        return new NumberColumn(name, values);
    }

    /** A model computes in float32; what is larger would become infinite. */
    private static void checkRange(int row, String name, double value) {
        if (Math.abs(value) > Float.MAX_VALUE) {
            throw RefusedRequestException.at(
                    row, name, "a number beyond ±3.4e38, where float32 ends");
        }
    }

    private CategoryColumn categories(String name, JsonNode rows) {
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            JsonNode value = cell(rows, row, name);
            if (!value.isString() && !value.isNull()) {
                throw RefusedRequestException.at(
                        row, name, "expected a text or null, found " + kind(value));
            }
            String text = value.isNull() ? "" : value.stringValue();
            if (text.indexOf('\0') >= 0) {
                throw RefusedRequestException.at(row, name, "a text with a NUL character");
            }
            if (text.length() > LONGEST_TEXT) {
                throw RefusedRequestException.at(
                        row,
                        name,
                        "a text of %,d characters; at most %,d"
                                .formatted(text.length(), LONGEST_TEXT));
            }
            texts.add(text);
        }
        return CategoryColumn.of(name, texts);
    }

    private TimeColumn times(String name, JsonNode rows) {
        long[] micros = new long[rows.size()];
        for (int row = 0; row < micros.length; row++) {
            JsonNode value = cell(rows, row, name);
            if (!value.isString() && !value.isIntegralNumber()) {
                throw RefusedRequestException.at(
                        row, name, "expected a time, found " + kind(value));
            }
            try {
                micros[row] = EventTime.parse(value.asString());
            } catch (IllegalArgumentException unreadable) {
                throw RefusedRequestException.at(
                        row, name, String.valueOf(unreadable.getMessage()));
            }
        }
        return new TimeColumn(name, micros);
    }

    private void checkKeys(Table table) {
        for (String key : spec.key()) {
            CategoryColumn column = table.category(key);
            for (int row = 0; row < column.rows(); row++) {
                if (column.codes()[row] == CategoryColumn.MISSING) {
                    throw RefusedRequestException.at(
                            row, key, "missing; a key says whom the row is of");
                }
            }
        }
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> "null";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            case STRING -> "a text";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "something else";
        };
    }
}

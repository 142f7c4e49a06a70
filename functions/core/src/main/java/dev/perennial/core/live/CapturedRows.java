package dev.perennial.core.live;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Predictions as they are captured: what was asked, what was answered, and who answered. Personal
 * columns are not.
 */
public final class CapturedRows {
    private final PipelineSpec spec;
    private final Table asked;
    private final List<Column> columns = new ArrayList<>();

    private CapturedRows(PipelineSpec spec, Table asked) {
        this.spec = spec;
        this.asked = asked;
    }

    /**
     * Begins with what was asked.
     *
     * @param asked features, keys, and the time where the caller gave one
     */
    public static CapturedRows of(PipelineSpec spec, Table asked) {
        return new CapturedRows(spec, asked);
    }

    /**
     * Goes on with who predicted.
     *
     * @param roles one per row
     * @param entities whom each row is of, see {@link LiveColumns#entity}
     */
    public CapturedRows madeBy(int version, List<Role> roles, CategoryColumn entities, Instant at) {
        int rows = asked.rows();
        double[] versions = new double[rows];
        Arrays.fill(versions, version);
        TimeColumn moment = LiveColumns.moment(LiveColumns.AT, at, rows);
        columns.add(moment);
        columns.add(new NumberColumn(LiveColumns.VERSION, versions));
        columns.add(CategoryColumn.of(LiveColumns.ROLE, roles.stream().map(Role::name).toList()));
        columns.add(entities);
        boolean timed =
                asked.columns().stream().anyMatch(column -> column.name().equals(spec.time()));
        columns.add(
                new TimeColumn(
                        LiveColumns.TIME,
                        timed ? asked.time(spec.time()).micros() : moment.micros()));
        return this;
    }

    /**
     * Ends with what was answered.
     *
     * @param ids one per row
     * @param classes in the order of probabilities; empty for regression
     * @param predicted [rows][classes], or [rows][1] for regression
     * @param expectedErrors one per row, of a regression that knows them
     */
    public Table answered(
            List<String> ids,
            List<String> classes,
            double[][] predicted,
            Optional<double[]> expectedErrors) {
        columns.addFirst(CategoryColumn.of(LiveColumns.ID, ids));
        if (spec.task() == Task.REGRESSION) {
            columns.add(new NumberColumn(LiveColumns.PREDICTION, column(predicted, 0)));
            expectedErrors.ifPresent(
                    each -> columns.add(new NumberColumn(LiveColumns.EXPECTED_ERROR, each)));
        } else {
            for (int c = 0; c < classes.size(); c++) {
                columns.add(
                        new NumberColumn(
                                LiveColumns.PROBABILITY + classes.get(c), column(predicted, c)));
            }
        }
        Set<String> personal = spec.personalColumns();
        asked.columns().stream()
                .filter(column ->
                        !column.name().equals(spec.time()) && !personal.contains(column.name()))
                .forEach(columns::add);
        return new Table(columns);
    }

    private static double[] column(double[][] rows, int index) {
        return Arrays.stream(rows).mapToDouble(row -> row[index]).toArray();
    }

    /**
     * The columns that {@link #answered} makes, to read them back from a file.
     *
     * @param expectsErrors whether the version is a regression that knows its errors
     */
    public static Schema schema(PipelineSpec spec, List<String> classes, boolean expectsErrors) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(LiveColumns.ID, ColumnType.CATEGORY));
        fields.add(new Field(LiveColumns.AT, ColumnType.TIME));
        fields.add(new Field(LiveColumns.VERSION, ColumnType.NUMBER));
        fields.add(new Field(LiveColumns.ROLE, ColumnType.CATEGORY));
        fields.add(new Field(LiveColumns.ENTITY, ColumnType.CATEGORY));
        fields.add(new Field(LiveColumns.TIME, ColumnType.TIME));
        if (spec.task() == Task.REGRESSION) {
            fields.add(new Field(LiveColumns.PREDICTION, ColumnType.NUMBER));
        }
        if (expectsErrors) {
            fields.add(new Field(LiveColumns.EXPECTED_ERROR, ColumnType.NUMBER));
        }
        classes.forEach(
                each -> fields.add(new Field(LiveColumns.PROBABILITY + each, ColumnType.NUMBER)));
        for (FeatureSpec feature : spec.features()) {
            if (!feature.personal()) {
                fields.add(new Field(feature.name(), feature.type()));
            }
        }
        return new Schema(fields);
    }

    /** The columns that labels have. */
    public static Schema labelSchema(Task task) {
        return new Schema(
                List.of(
                        new Field(LiveColumns.ID, ColumnType.CATEGORY),
                        new Field(LiveColumns.ENTITY, ColumnType.CATEGORY),
                        new Field(LiveColumns.TIME, ColumnType.TIME),
                        new Field(LiveColumns.AT, ColumnType.TIME),
                        new Field(
                                LiveColumns.LABEL,
                                task == Task.REGRESSION
                                        ? ColumnType.NUMBER
                                        : ColumnType.CATEGORY)));
    }
}

package dev.perennial.model;

import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.LabelSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a model learns to predict.
 *
 * @param classes in the order of probabilities, negative before positive; empty for regression
 * @param values per row the class's index, or the number
 */
public record Targets(Task task, List<String> classes, float[] values) {
    public Targets {
        classes = List.copyOf(classes);
    }

    /**
     * Takes the label column of a table whose rows all have a label.
     *
     * @throws ModelException if a classification has fewer than two classes, or a label is not
     *     among the classes
     */
    public static Targets of(PipelineSpec spec, Table table) {
        String column = spec.label().column();
        if (spec.task() == Task.REGRESSION) {
            double[] numbers = table.number(column).values();
            float[] values = new float[numbers.length];
            for (int row = 0; row < values.length; row++) {
                values[row] = (float) numbers[row];
            }
            return new Targets(spec.task(), List.of(), values);
        }
        return ofClasses(spec, table, classes(spec, table));
    }

    /** As {@link #of}, in the class order of a model that exists already. */
    public static Targets ofClasses(PipelineSpec spec, Table table, List<String> classes) {
        CategoryColumn labels = table.category(spec.label().column());
        Map<String, Integer> index = new HashMap<>();
        for (String each : classes) {
            index.put(each, index.size());
        }
        float[] values = new float[labels.rows()];
        for (int row = 0; row < values.length; row++) {
            Integer known = index.get(labels.text(row));
            if (known == null) {
                throw new ModelException(
                        "row %d has the label '%s', which is not among the classes %s"
                                .formatted(row, labels.text(row), classes));
            }
            values[row] = known;
        }
        return new Targets(spec.task(), classes, values);
    }

    private static List<String> classes(PipelineSpec spec, Table table) {
        LabelSpec label = spec.label();
        CategoryColumn column = table.category(label.column());
        TreeSet<String> found = new TreeSet<>(label.classes());
        for (int row = 0; row < column.rows(); row++) {
            found.add(column.text(row));
        }
        if (spec.task() == Task.MULTICLASS) {
            if (found.size() < 2) {
                throw new ModelException(
                        "label %s has one class only, %s".formatted(label.column(), found));
            }
            return label.classes().isEmpty() ? List.copyOf(found) : label.classes();
        }
        String positive = label.positive().orElseThrow();
        found.remove(positive);
        if (found.size() != 1) {
            throw new ModelException(
                    "label %s should have one class beside '%s', but has %s"
                            .formatted(label.column(), positive, found));
        }
        return List.of(found.first(), positive);
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public Targets range(int from, int to) {
        return new Targets(task, classes, Arrays.copyOfRange(values, from, to));
    }

    public int rows() {
        return values.length;
    }

    /** Scores per row: one per class where there are more than two, otherwise one. */
    int margins() {
        return task == Task.MULTICLASS ? classes.size() : 1;
    }

    /**
     * What was predicted for these rows, beside the truth.
     *
     * @param predicted per row one probability per class, or one value
     */
    public Predictions beside(double[][] predicted) {
        if (task != Task.REGRESSION) {
            return new ClassPredictions(classes, labels(), predicted);
        }
        double[] truth = new double[values.length];
        double[] numbers = new double[values.length];
        for (int row = 0; row < truth.length; row++) {
            truth[row] = values[row];
            numbers[row] = predicted[row][0];
        }
        return new ValuePredictions(truth, numbers);
    }

    public int[] labels() {
        int[] labels = new int[values.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = (int) values[row];
        }
        return labels;
    }
}

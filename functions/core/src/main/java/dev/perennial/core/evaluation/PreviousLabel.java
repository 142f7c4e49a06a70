package dev.perennial.core.evaluation;

import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.table.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The baseline that repeats the newest label known when a prediction is made: of the same entity
 * where the spec has a key, and old enough that its delay has passed. For classes its probability
 * is how often that label was followed by each class in the training rows (with one pseudo-count
 * per class). Where labels persist it beats many a model.
 */
public final class PreviousLabel {
    private PreviousLabel() {}

    /**
     * Predicts the test rows.
     *
     * @param rows all labelled rows in order of time
     * @param labels per row the class's index, or the number
     */
    public static Predictions of(
            PipelineSpec spec, Table rows, List<String> classes, float[] labels, TimeSplit split) {
        int[] previous = previous(spec, rows);
        return classes.isEmpty()
                ? values(labels, previous, split)
                : classes(classes, labels, previous, split);
    }

    /** For each row the row whose label is the newest known one; −1 where there is none. */
    private static int[] previous(PipelineSpec spec, Table rows) {
        long[] micros = rows.time(spec.time()).micros();
        long delay = spec.label().delay().toSeconds() * 1_000_000L;
        Map<String, Deque<Integer>> pending = new HashMap<>();
        Map<String, Integer> known = new HashMap<>();
        int[] previous = new int[micros.length];
        for (int row = 0; row < previous.length; row++) {
            int at = row;
            String entity =
                    spec.key().stream()
                            .map(key -> rows.category(key).text(at))
                            .collect(Collectors.joining("\0"));
            Deque<Integer> waiting = pending.computeIfAbsent(entity, _ -> new ArrayDeque<>());
            while (!waiting.isEmpty()
                    && micros[waiting.getFirst()] <= micros[row] - delay
                    && micros[waiting.getFirst()] < micros[row]) {
                known.put(entity, waiting.removeFirst());
            }
            previous[row] = known.getOrDefault(entity, -1);
            waiting.addLast(row);
        }
        return previous;
    }

    private static ValuePredictions values(float[] labels, int[] previous, TimeSplit split) {
        double mean = 0;
        for (int row = 0; row < split.trainEnd(); row++) {
            mean += labels[row] / split.trainEnd();
        }
        double[] targets = new double[split.testRows()];
        double[] predicted = new double[split.testRows()];
        for (int row = split.test(); row < split.rows(); row++) {
            targets[row - split.test()] = labels[row];
            predicted[row - split.test()] = previous[row] < 0 ? mean : labels[previous[row]];
        }
        return new ValuePredictions(targets, predicted);
    }

    private static ClassPredictions classes(
            List<String> classes, float[] labels, int[] previous, TimeSplit split) {
        int count = classes.size();
        double[][] followed = new double[count + 1][count]; // the last row: nothing known before
        for (double[] counts : followed) {
            java.util.Arrays.fill(counts, 1);
        }
        for (int row = 0; row < split.trainEnd(); row++) {
            followed[previous[row] < 0 ? count : (int) labels[previous[row]]][(int) labels[row]]++;
        }
        int[] truth = new int[split.testRows()];
        double[][] probability = new double[split.testRows()][];
        for (int row = split.test(); row < split.rows(); row++) {
            double[] counts = followed[previous[row] < 0 ? count : (int) labels[previous[row]]];
            double sum = java.util.Arrays.stream(counts).sum();
            truth[row - split.test()] = (int) labels[row];
            probability[row - split.test()] =
                    java.util.Arrays.stream(counts).map(each -> each / sum).toArray();
        }
        return new ClassPredictions(classes, truth, probability);
    }
}

package dev.perennial.model;

import dev.perennial.core.table.Column.CategoryColumn;

/**
 * The mean target per value of a category, drawn towards the overall mean by {@value #SMOOTHING}
 * imagined rows (Micci-Barreca 2001): the mean value of the target (regression), or the share of
 * one class.
 */
final class TargetMeans {
    private static final double SMOOTHING = 20;
    private static final int FOLDS = 5;

    private final double[] sums; // by code + 1; missing first
    private final int[] counts;
    private final double overall;

    private TargetMeans(double[] sums, int[] counts, double overall) {
        this.sums = sums;
        this.counts = counts;
        this.overall = overall;
    }

    /**
     * Means over all rows.
     *
     * @param output the class, for multiclass; else ignored
     */
    static TargetMeans of(CategoryColumn column, Targets targets, int output) {
        return without(column, targets, output, 0, 0);
    }

    /** Means over all rows but those from {@code from} (inclusive) to {@code to} (exclusive). */
    private static TargetMeans without(
            CategoryColumn column, Targets targets, int output, int from, int to) {
        double[] sums = new double[column.dictionary().size() + 1];
        int[] counts = new int[sums.length];
        double total = 0;
        for (int row = 0; row < column.rows(); row++) {
            if (row < from || row >= to) {
                double value = value(targets, row, output);
                sums[column.codes()[row] + 1] += value;
                counts[column.codes()[row] + 1]++;
                total += value;
            }
        }
        int rows = column.rows() - (to - from);
        return new TargetMeans(sums, counts, rows == 0 ? 0 : total / rows);
    }

    private static double value(Targets targets, int row, int output) {
        float value = targets.values()[row];
        return switch (targets.task()) {
            case REGRESSION, BINARY -> value;
            case MULTICLASS -> value == output ? 1 : 0;
        };
    }

    /** What a value that training didn't see gets. */
    float overall() {
        return (float) overall;
    }

    /**
     * Of one value.
     *
     * @param code its place in the dictionary; -1 for missing
     */
    float of(int code) {
        return (float) ((sums[code + 1] + SMOOTHING * overall) / (counts[code + 1] + SMOOTHING));
    }

    /**
     * For each training row the mean that the rows of the other folds give: else a row's own target
     * would be in the column that is to predict it, and training would trust rare values too much.
     * Folds are stretches of time.
     */
    static float[] outOfFold(CategoryColumn column, Targets targets, int output) {
        float[] means = new float[column.rows()];
        int from = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            int size = column.rows() / FOLDS + (fold < column.rows() % FOLDS ? 1 : 0);
            TargetMeans others = without(column, targets, output, from, from + size);
            for (int row = from; row < from + size; row++) {
                means[row] = others.of(column.codes()[row]);
            }
            from += size;
        }
        return means;
    }
}

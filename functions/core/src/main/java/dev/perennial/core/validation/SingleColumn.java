package dev.perennial.core.validation;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How well one column alone tells the label: by the AUC of any class against the others, or by R²
 * for a regression. What has to be learned is learned on the first rows and judged on the last, so
 * that a column whose values never come again tells nothing.
 */
final class SingleColumn {
    private static final double LEARNED_ON = 0.7;
    private static final int MOST_CLASSES = 20;
    private static final int BINS = 20;

    /** More rows make no difference here; every k-th is taken. */
    private static final int MOST_ROWS = 30_000;

    /** A class, or its absence, in fewer rows that are judged says nothing. */
    private static final int LEAST_JUDGED = 10;

    private final PipelineSpec spec;
    private final Table rows;
    private final int learned;

    SingleColumn(PipelineSpec spec, Table table) {
        this.spec = spec;
        Table labelled = LabelledRows.of(spec, table);
        int step = Math.max(1, labelled.rows() / MOST_ROWS);
        this.rows =
                step == 1
                        ? labelled
                        : labelled.select(
                                IntStream.range(0, labelled.rows() / step)
                                        .map(i -> i * step)
                                        .toArray());
        this.learned = (int) (LEARNED_ON * rows.rows());
    }

    /** The labelled rows that are looked at. */
    Table rows() {
        return rows;
    }

    /** Of a number feature, the better of its rank and of what its twentieths say. */
    double ofNumber(NumberColumn column) {
        double[] values = column.values();
        return Math.max(byRank(values), byGroup(bins(values), BINS + 1));
    }

    /** Of categories, by what each says. */
    double ofCategory(CategoryColumn column) {
        int missing = column.dictionary().size();
        int[] groups =
                Arrays.stream(column.codes())
                        .map(code -> code == CategoryColumn.MISSING ? missing : code)
                        .toArray();
        return byGroup(groups, missing + 1);
    }

    /** Of whether there is a value. */
    double ofMissing(IntPredicate missing) {
        return byGroup(
                IntStream.range(0, rows.rows()).map(row -> missing.test(row) ? 1 : 0).toArray(), 2);
    }

    private int[] bins(double[] values) {
        double[] sorted =
                Arrays.stream(values, 0, learned)
                        .filter(each -> !Double.isNaN(each))
                        .sorted()
                        .toArray();
        double[] edges =
                IntStream.range(1, BINS)
                        .filter(_ -> sorted.length > 0)
                        .mapToDouble(i -> sorted[(int) ((long) sorted.length * i / BINS)])
                        .distinct()
                        .toArray();
        return Arrays.stream(values)
                .mapToInt(value -> {
                    if (Double.isNaN(value)) {
                        return BINS;
                    }
                    int at = Arrays.binarySearch(edges, value);
                    return at >= 0 ? at + 1 : -at - 1;
                })
                .toArray();
    }

    /** Needs no learning, so all rows judge. */
    private double byRank(double[] values) {
        int[] present =
                IntStream.range(0, values.length)
                        .filter(row -> !Double.isNaN(values[row]))
                        .toArray();
        if (spec.task() == Task.REGRESSION) {
            return squaredCorrelation(present, values, rows.number(spec.label().column()).values());
        }
        int[] codes = rows.category(spec.label().column()).codes();
        double best = 0;
        for (int positive : classes()) {
            double[] those = sorted(present, values, row -> codes[row] == positive);
            double[] others = sorted(present, values, row -> codes[row] != positive);
            best = Math.max(best, eitherWay(pairs(those, others), those.length, others.length));
        }
        return best;
    }

    private static double[] sorted(int[] rows, double[] values, IntPredicate which) {
        return Arrays.stream(rows).filter(which).mapToDouble(row -> values[row]).sorted().toArray();
    }

    /** How many pairs have the first above the second; equal ones count half. Both ascend. */
    private static double pairs(double[] those, double[] others) {
        double pairs = 0;
        int below = 0;
        int notAbove = 0;
        for (double value : those) {
            while (below < others.length && others[below] < value) {
                below++;
            }
            while (notAbove < others.length && others[notAbove] <= value) {
                notAbove++;
            }
            pairs += (below + notAbove) / 2.0;
        }
        return pairs;
    }

    private static double eitherWay(double pairs, double positives, double others) {
        if (positives < LEAST_JUDGED || others < LEAST_JUDGED) {
            return 0;
        }
        double auc = pairs / positives / others;
        return Math.max(auc, 1 - auc);
    }

    private List<Integer> classes() {
        CategoryColumn label = rows.category(spec.label().column());
        List<Integer> classes = new ArrayList<>();
        for (int code = 0; code < Math.min(label.dictionary().size(), MOST_CLASSES); code++) {
            classes.add(code);
        }
        return spec.task() == Task.BINARY && classes.size() > 1 ? classes.subList(0, 1) : classes;
    }

    /** What is learned of each group, judged on the last rows. */
    private double byGroup(int[] groups, int count) {
        return spec.task() == Task.REGRESSION
                ? explained(groups, count)
                : classes().stream()
                        .mapToDouble(positive -> auc(groups, count, positive))
                        .max()
                        .orElse(0);
    }

    private double auc(int[] groups, int count, int positive) {
        int[] codes = rows.category(spec.label().column()).codes();
        double[] seen = new double[count];
        double[] hits = new double[count];
        double all = 0;
        for (int row = 0; row < learned; row++) {
            seen[groups[row]]++;
            if (codes[row] == positive) {
                hits[groups[row]]++;
                all++;
            }
        }
        double prior = all / Math.max(1, learned);
        double[] positives = new double[count];
        double[] others = new double[count];
        for (int row = learned; row < codes.length; row++) {
            if (codes[row] == positive) {
                positives[groups[row]]++;
            } else {
                others[groups[row]]++;
            }
        }
        double[] score = new double[count];
        Arrays.setAll(score, group -> (hits[group] + prior) / (seen[group] + 1));
        Integer[] order =
                IntStream.range(0, count)
                        .filter(group -> positives[group] + others[group] > 0)
                        .boxed()
                        .toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(group -> score[group]));
        double before = 0;
        double pairs = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            double tied = 0;
            double tiedOthers = 0;
            while (to < order.length && score[order[to]] == score[order[from]]) {
                tied += positives[order[to]];
                tiedOthers += others[order[to]];
                to++;
            }
            pairs += tied * (before + tiedOthers / 2);
            before += tiedOthers;
            from = to;
        }
        return eitherWay(pairs, Arrays.stream(positives).sum(), before);
    }

    private double explained(int[] groups, int count) {
        double[] labels = rows.number(spec.label().column()).values();
        double[] sums = new double[count];
        double[] seen = new double[count];
        double sum = 0;
        for (int row = 0; row < learned; row++) {
            sums[groups[row]] += labels[row];
            seen[groups[row]]++;
            sum += labels[row];
        }
        double prior = sum / Math.max(1, learned);
        double mean = Arrays.stream(labels, learned, labels.length).average().orElse(Double.NaN);
        double errors = 0;
        double all = 0;
        for (int row = learned; row < labels.length; row++) {
            int group = groups[row];
            double guess = (sums[group] + prior) / (seen[group] + 1);
            errors += (labels[row] - guess) * (labels[row] - guess);
            all += (labels[row] - mean) * (labels[row] - mean);
        }
        return labels.length - learned < LEAST_JUDGED || all == 0 ? 0 : 1 - errors / all;
    }

    private static double squaredCorrelation(int[] rows, double[] a, double[] b) {
        double n = 0;
        double meanA = 0;
        double meanB = 0;
        double aa = 0;
        double bb = 0;
        double ab = 0;
        for (int row : rows) {
            n++;
            double da = a[row] - meanA;
            meanA += da / n;
            double db = b[row] - meanB;
            meanB += db / n;
            aa += da * (a[row] - meanA);
            bb += db * (b[row] - meanB);
            ab += da * (b[row] - meanB);
        }
        return aa == 0 || bb == 0 ? 0 : ab * ab / aa / bb;
    }
}

package dev.perennial.core.validation;

import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Suspects a feature that predicts the label all alone: such a one often was written after the
 * label was known. Measured by the AUC of a single number (classes) or its squared correlation
 * (regression).
 */
final class LeakageRule implements Rule {
    private static final double SUSPICIOUS_AUC = 0.995;
    private static final double SUSPICIOUS_R2 = 0.999;

    @Override
    public List<Finding> check(Subject subject) {
        Table table = LabelledRows.of(subject.spec(), subject.table());
        List<Finding> findings = new ArrayList<>();
        if (table.rows() == 0) {
            return findings;
        }
        for (FeatureSpec feature : subject.spec().features()) {
            if (!(feature instanceof FeatureSpec.NumberFeature)) {
                continue;
            }
            double[] values = table.number(feature.name()).values();
            if (subject.spec().task() == Task.REGRESSION) {
                double r2 =
                        squaredCorrelation(
                                values, table.number(subject.spec().label().column()).values());
                suspect(findings, feature, r2, SUSPICIOUS_R2, "squared correlation with the label");
            } else {
                suspect(
                        findings,
                        feature,
                        auc(values, table.category(subject.spec().label().column())),
                        SUSPICIOUS_AUC,
                        "AUC alone");
            }
        }
        return findings;
    }

    private static void suspect(
            List<Finding> findings, FeatureSpec feature, double found, double limit, String what) {
        if (found >= limit) {
            findings.add(
                    Finding.warning(
                            "leakage",
                            feature.name(),
                            String.format(Locale.ROOT, "%s %.4f", what, found),
                            "less than %s; is it known before the label?".formatted(limit)));
        }
    }

    /**
     * The best AUC of any class against the rest, by the values' ranks or by their opposite. Ranks,
     * because neighbours among large values (times in milliseconds, ids) must stay apart.
     */
    private static double auc(double[] values, CategoryColumn label) {
        int[] rows =
                IntStream.range(0, values.length)
                        .filter(row -> !Double.isNaN(values[row]))
                        .toArray();
        double[] distinct =
                IntStream.of(rows).mapToDouble(row -> values[row]).sorted().distinct().toArray();
        double[][] scores =
                IntStream.of(rows)
                        .mapToObj(row -> {
                            double p =
                                    (double) Arrays.binarySearch(distinct, values[row])
                                            / distinct.length;
                            return new double[] {1 - p, p};
                        })
                        .toArray(double[][]::new);
        double best = 0;
        for (int code = 0; code < Math.min(label.dictionary().size(), 20); code++) {
            int positive = code;
            int[] labels =
                    IntStream.of(rows).map(row -> label.codes()[row] == positive ? 1 : 0).toArray();
            OptionalDouble auc =
                    Metric.AUC.of(new ClassPredictions(List.of("other", "this"), labels, scores));
            if (auc.isPresent()) {
                best = Math.max(best, Math.max(auc.getAsDouble(), 1 - auc.getAsDouble()));
            }
        }
        return best;
    }

    private static double squaredCorrelation(double[] a, double[] b) {
        double n = 0;
        double meanA = 0;
        double meanB = 0;
        double aa = 0;
        double bb = 0;
        double ab = 0;
        for (int row = 0; row < a.length; row++) {
            if (!Double.isNaN(a[row])) {
                n++;
                double da = a[row] - meanA;
                meanA += da / n;
                double db = b[row] - meanB;
                meanB += db / n;
                aa += da * (a[row] - meanA);
                bb += db * (b[row] - meanB);
                ab += da * (b[row] - meanB);
            }
        }
        return aa == 0 || bb == 0 ? 0 : ab * ab / aa / bb;
    }
}

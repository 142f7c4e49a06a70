package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pairs of features that went together still do: Spearman's rank correlation in new rows against
 * that in the earlier ones. Its chance is Fisher's z with variance 1.06/(n − 3) (Fieller, Hartley
 * and Pearson 1957), where n counts blocks of rows, as neighbours depend on each other.
 */
final class CorrelationRule implements Rule {
    private static final double STRONG = 0.8;
    private static final int MOST_FEATURES = 60;
    private static final int MOST_ROWS = 5_000;
    private static final int LEAST_ROWS = 100;
    private static final double FIELLER = 1.06;

    @Override
    public List<Finding> check(Subject subject) {
        return subject.recent().map(recent -> check(subject, recent)).orElse(List.of());
    }

    private static List<Finding> check(Subject subject, Recent recent) {
        List<String> names =
                subject.features().stream()
                        .filter(NumberFeature.class::isInstance)
                        .map(FeatureSpec::name)
                        .limit(MOST_FEATURES)
                        .toList();
        if (recent.earlier().rows() < LEAST_ROWS || names.size() < 2) {
            return List.of();
        }
        Table before = thinned(recent.earlier());
        Table now = thinned(recent.rows());
        List<Finding> findings = new ArrayList<>();
        int pairs = names.size() * (names.size() - 1) / 2;
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                Ranked was = Ranked.of(before.number(names.get(i)), before.number(names.get(j)));
                if (was.rows() < LEAST_ROWS || Math.abs(was.correlation()) < STRONG) {
                    continue;
                }
                Ranked is = Ranked.of(now.number(names.get(i)), now.number(names.get(j)));
                double effect =
                        Math.max(
                                recent.effect(names.get(i)).value(),
                                recent.effect(names.get(j)).value());
                if (is.rows() >= LEAST_ROWS
                        && Math.abs(was.correlation() - is.correlation())
                                > subject.threshold(Check.CORRELATION)
                        && was.differs(is, effect, subject.falseAlarmRate(pairs))) {
                    findings.add(
                            Finding.warning(
                                    Check.CORRELATION,
                                    names.get(i),
                                    "rank correlation with %s of %s in the %,d rows newer than the champion's training data"
                                            .formatted(
                                                    names.get(j),
                                                    Words.number(is.correlation()),
                                                    recent.rows().rows()),
                                    "about %s, as before"
                                            .formatted(Words.number(was.correlation()))));
                }
            }
        }
        return findings;
    }

    private static Table thinned(Table rows) {
        int step = Math.max(1, rows.rows() / MOST_ROWS);
        return step == 1
                ? rows
                : rows.select(IntStream.range(0, rows.rows() / step).map(i -> i * step).toArray());
    }

    /**
     * Spearman's correlation of the rows that have both values.
     *
     * @param rows how many
     */
    private record Ranked(double correlation, int rows) {
        static Ranked of(NumberColumn a, NumberColumn b) {
            int[] both =
                    IntStream.range(0, a.rows())
                            .filter(row ->
                                    !Double.isNaN(a.values()[row])
                                            && !Double.isNaN(b.values()[row]))
                            .toArray();
            double[] x = ranks(both, a.values());
            double[] y = ranks(both, b.values());
            double mean = (both.length - 1) / 2.0;
            double xx = 0;
            double yy = 0;
            double xy = 0;
            for (int i = 0; i < both.length; i++) {
                xx += (x[i] - mean) * (x[i] - mean);
                yy += (y[i] - mean) * (y[i] - mean);
                xy += (x[i] - mean) * (y[i] - mean);
            }
            return new Ranked(xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy), both.length);
        }

        /** From 0; equal values share the mean of their ranks. */
        private static double[] ranks(int[] rows, double[] values) {
            Integer[] order = IntStream.range(0, rows.length).boxed().toArray(Integer[]::new);
            Arrays.sort(order, Comparator.comparingDouble(i -> values[rows[i]]));
            double[] ranks = new double[rows.length];
            for (int from = 0; from < order.length; ) {
                int to = from;
                while (to < order.length && values[rows[order[to]]] == values[rows[order[from]]]) {
                    to++;
                }
                for (int i = from; i < to; i++) {
                    ranks[order[i]] = (from + to - 1) / 2.0;
                }
                from = to;
            }
            return ranks;
        }

        boolean differs(Ranked other, double effect, double probability) {
            double variance =
                    FIELLER / Math.max(1, rows / effect - 3)
                            + FIELLER / Math.max(1, other.rows / effect - 3);
            double z =
                    Math.abs(atanh(correlation) - atanh(other.correlation)) / Math.sqrt(variance);
            double limit =
                    org.apache.commons.statistics.distribution.NormalDistribution.of(0, 1)
                            .inverseSurvivalProbability(probability / 2);
            return z > limit;
        }

        private static double atanh(double correlation) {
            double within = Math.clamp(correlation, -0.999999, 0.999999);
            return 0.5 * Math.log((1 + within) / (1 - within));
        }
    }
}

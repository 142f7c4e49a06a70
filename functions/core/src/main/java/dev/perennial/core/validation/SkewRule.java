package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares each feature in the rows that came after the champion's training data with that data, by
 * the population stability index over the champion's deciles or most frequent categories and the
 * missing values, Σ (p − q)·ln(p/q) (Siddiqi, <i>Credit Risk Scorecards</i>, 2006). The rows that
 * both were trained on would hide a change. A retraining is made because data moves; so this is
 * worth a look, not an error.
 */
final class SkewRule implements Rule {
    /** The customary bound for "a different population". */
    private static final double DIFFERENT = 0.25;

    /**
     * Chance alone makes an index of about buckets ÷ rows; with fewer rows it would come near the
     * bound.
     */
    private static final int LEAST_ROWS = 200;

    private static final double FLOOR = 1e-4;
    private static final int CATEGORIES = 20;

    @Override
    public List<Finding> check(Subject subject) {
        return subject.champion()
                .flatMap(champion ->
                        newer(subject, champion)
                                .map(present -> findings(subject.spec(), champion, present)))
                .orElse(List.of());
    }

    private static Optional<TableProfile> newer(Subject subject, TableProfile champion) {
        String time = subject.spec().time();
        Optional<TimeProfile> seen = champion.time(time);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        Table table = subject.table();
        long[] micros = table.time(time).micros();
        int first = micros.length;
        while (first > 0 && micros[first - 1] > seen.get().max()) {
            first--;
        }
        return micros.length - first < LEAST_ROWS
                ? Optional.empty()
                : Optional.of(TableProfile.of(table.range(first, micros.length)));
    }

    private static List<Finding> findings(
            PipelineSpec spec, TableProfile champion, TableProfile present) {
        List<Finding> findings = new ArrayList<>();
        for (FeatureSpec feature : spec.features()) {
            double index = index(feature.name(), champion, present);
            if (index > DIFFERENT) {
                findings.add(
                        Finding.warning(
                                "skew",
                                feature.name(),
                                String.format(
                                        Locale.ROOT,
                                        "stability index %.2f of the %,d rows newer than the champion's training data, against that data",
                                        index,
                                        present.rows()),
                                "at most " + DIFFERENT));
            }
        }
        return findings;
    }

    private static double index(String feature, TableProfile champion, TableProfile present) {
        if (champion.number(feature).isPresent() && present.number(feature).isPresent()) {
            return numbers(champion.number(feature).get(), present.number(feature).get());
        }
        if (champion.category(feature).isPresent() && present.category(feature).isPresent()) {
            return categories(champion.category(feature).get(), present.category(feature).get());
        }
        return 0; // a feature that the champion doesn't have
    }

    private static double numbers(NumberProfile champion, NumberProfile present) {
        if (champion.rows() == 0) {
            return 0;
        }
        double[] deciles = new double[champion.count() == 0 ? 0 : 9];
        for (int i = 0; i < deciles.length; i++) {
            deciles[i] = champion.quantile((i + 1) / 10.0);
        }
        double[] edges = increasing(deciles);
        return index(
                withMissing(champion, champion.shares(edges)),
                withMissing(present, present.shares(edges)));
    }

    /** The shares of all rows, from those of the values that are there. */
    private static double[] withMissing(ColumnProfile profile, double[] shares) {
        double[] all = new double[shares.length + 1];
        for (int i = 0; i < shares.length; i++) {
            all[i] = profile.count() == 0 ? 0 : shares[i] * (1 - profile.nullShare());
        }
        all[shares.length] = profile.nullShare();
        return all;
    }

    /**
     * Equal deciles of a column with few values count once; a sketch's may even fall by its error.
     */
    private static double[] increasing(double[] deciles) {
        List<Double> edges = new ArrayList<>();
        for (double decile : deciles) {
            if (edges.isEmpty() || decile > edges.getLast()) {
                edges.add(decile);
            }
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double categories(CategoryProfile champion, CategoryProfile present) {
        List<String> values = champion.top(CATEGORIES).stream().map(Frequency::value).toList();
        return champion.rows() == 0
                ? 0
                : index(
                        withMissing(champion, shares(champion, values)),
                        withMissing(present, shares(present, values)));
    }

    /** The share of each value, and of all others together. */
    private static double[] shares(CategoryProfile profile, List<String> values) {
        double[] shares = new double[values.size() + 1];
        double rest = 1;
        for (int i = 0; i < values.size(); i++) {
            shares[i] = profile.share(values.get(i));
            rest -= shares[i];
        }
        shares[values.size()] = Math.max(0, rest);
        return shares;
    }

    private static double index(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double a = Math.max(p[i], FLOOR);
            double b = Math.max(q[i], FLOOR);
            sum += (a - b) * Math.log(a / b);
        }
        return sum;
    }
}

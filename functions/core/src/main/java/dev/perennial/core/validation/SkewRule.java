package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares each feature with the champion's training data by the population stability index over
 * the champion's deciles or most frequent categories, Σ (p − q)·ln(p/q) (Siddiqi, <i>Credit Risk
 * Scorecards</i>, 2006). A retraining is made because data moves; so this is worth a look, not an
 * error.
 */
final class SkewRule implements Rule {
    /**
     * The customary bound for "a different population". With thousands of rows chance stays far
     * below it.
     */
    private static final double DIFFERENT = 0.25;

    private static final double FLOOR = 1e-4;
    private static final int CATEGORIES = 20;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        subject.champion()
                .ifPresent(champion -> {
                    for (FeatureSpec feature : subject.spec().features()) {
                        double index = index(feature.name(), champion, subject.profile());
                        if (index > DIFFERENT) {
                            findings.add(
                                    Finding.warning(
                                            "skew",
                                            feature.name(),
                                            String.format(
                                                    Locale.ROOT,
                                                    "stability index %.2f against the champion's training data",
                                                    index),
                                            "at most " + DIFFERENT));
                        }
                    }
                });
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
        if (champion.count() == 0 || present.count() == 0) {
            return 0;
        }
        double[] deciles = new double[9];
        for (int i = 0; i < deciles.length; i++) {
            deciles[i] = champion.quantile((i + 1) / 10.0);
        }
        double[] edges = increasing(deciles);
        return index(champion.shares(edges), present.shares(edges));
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
        return index(shares(champion, values), shares(present, values));
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

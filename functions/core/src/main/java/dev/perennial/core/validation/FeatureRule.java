package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.EventTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What the spec says of each feature: missing values, range, known categories; and that it says
 * anything at all.
 */
final class FeatureRule implements Rule {
    /** Models take float32; what is larger would be infinite there. */
    static final double FLOAT32 = Float.MAX_VALUE;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (FeatureSpec feature : subject.spec().features()) {
            switch (feature) {
                case NumberFeature number -> number(subject, number, findings);
                case CategoryFeature category -> category(subject, category, findings);
            }
        }
        return findings;
    }

    private static void number(Subject subject, NumberFeature feature, List<Finding> findings) {
        NumberProfile profile = subject.profile().number(feature.name()).orElseThrow();
        nulls(feature, profile, findings);
        constant(profile, profile.count() == 0 || profile.min() == profile.max(), findings);
        double low = Math.max(feature.min().orElse(-FLOAT32), -FLOAT32);
        double high = Math.min(feature.max().orElse(FLOAT32), FLOAT32);
        if (profile.count() > 0 && (profile.min() < low || profile.max() > high)) {
            double[] values = subject.table().number(feature.name()).values();
            String extreme =
                    profile.min() < low
                            ? Double.toString(profile.min())
                            : Double.toString(profile.max());
            findings.add(
                    Finding.error(
                            "range",
                            feature.name(),
                            where(subject, row -> values[row] < low || values[row] > high)
                                    + ", such as "
                                    + extreme,
                            "values from %s to %s".formatted(bound(low), bound(high))));
        }
    }

    private static String bound(double value) {
        return Math.abs(value) == FLOAT32
                ? value + " (float32, which the model computes in)"
                : Double.toString(value);
    }

    private static void category(Subject subject, CategoryFeature feature, List<Finding> findings) {
        CategoryProfile profile = subject.profile().category(feature.name()).orElseThrow();
        nulls(feature, profile, findings);
        constant(profile, profile.distinct() <= 1, findings);
        CategoryColumn column = subject.table().category(feature.name());
        Set<String> known = new HashSet<>(feature.values());
        IntPredicate unknown =
                row ->
                        column.codes()[row] != CategoryColumn.MISSING
                                && !known.contains(column.text(row));
        if (!known.isEmpty()) {
            IntStream.range(0, column.rows())
                    .filter(unknown)
                    .findFirst()
                    .ifPresent(row ->
                            findings.add(
                                    Finding.error(
                                            "category",
                                            feature.name(),
                                            where(subject, unknown)
                                                    + ", such as '%s'".formatted(column.text(row)),
                                            "one of " + feature.values())));
        }
    }

    /** How many rows, and when the first. */
    private static String where(Subject subject, IntPredicate bad) {
        int[] rows = IntStream.range(0, subject.table().rows()).filter(bad).toArray();
        Instant first =
                EventTime.instant(subject.table().time(subject.spec().time()).micros()[rows[0]]);
        return "%,d rows from %s on".formatted(rows.length, first);
    }

    private static void nulls(FeatureSpec feature, ColumnProfile profile, List<Finding> findings) {
        if (profile.nullShare() > feature.maxNulls()) {
            findings.add(
                    Finding.error(
                            "nulls",
                            feature.name(),
                            "%s of the values missing"
                                    .formatted(ReadingRule.percent(profile.nullShare())),
                            "at most %s (maxNulls)"
                                    .formatted(ReadingRule.percent(feature.maxNulls()))));
        }
    }

    private static void constant(ColumnProfile profile, boolean constant, List<Finding> findings) {
        if (constant) {
            findings.add(
                    Finding.warning(
                            "constant",
                            profile.name(),
                            profile.count() == 0 ? "no value at all" : "one value only",
                            "a feature that varies"));
        }
    }
}

package dev.perennial.core.validation;

import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Suspects a feature that tells the label all alone, or by whether it has a value: such a one often
 * was written after the label was known.
 */
final class LeakageRule implements Rule {
    /** Of numbers that a linear function of the label makes; noise of a measurement lies below. */
    private static final double EXACT = 0.999;

    @Override
    public List<Finding> check(Subject subject) {
        SingleColumn alone = new SingleColumn(subject.spec(), subject.table());
        List<Finding> findings = new ArrayList<>();
        if (alone.rows().rows() == 0) {
            return findings;
        }
        boolean regression = subject.spec().task() == Task.REGRESSION;
        double limit = Math.max(subject.threshold(Check.LEAKAGE), regression ? EXACT : 0);
        String measure = regression ? "R² alone" : "AUC alone";
        for (FeatureSpec feature : subject.features()) {
            Column column = alone.rows().column(feature.name());
            double found =
                    switch (column) {
                        case NumberColumn numbers -> alone.ofNumber(numbers);
                        case CategoryColumn categories -> alone.ofCategory(categories);
                        case TimeColumn _ -> 0;
                    };
            double missing = alone.ofMissing(NullsRule.missing(column));
            if (Math.max(found, missing) >= limit) {
                findings.add(
                        Finding.warning(
                                Check.LEAKAGE,
                                feature.name(),
                                missing >= limit
                                        ? "%s of whether it has a value %s"
                                                .formatted(measure, four(missing))
                                        : "%s %s".formatted(measure, four(found)),
                                "less than %s; is it known before the label?".formatted(limit)));
            }
        }
        return findings;
    }

    private static String four(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}

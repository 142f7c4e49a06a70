package dev.perennial.core.validation;

import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** No more missing values than the feature's maxNulls. */
final class NullsRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (FeatureSpec feature : subject.features()) {
            ColumnProfile profile = subject.profile().column(feature.name()).orElseThrow();
            if (profile.nullShare() > feature.maxNulls()) {
                Column column = subject.table().column(feature.name());
                findings.add(
                        Finding.error(
                                        Check.NULLS,
                                        feature.name(),
                                        "%s of the values missing"
                                                .formatted(Words.percent(profile.nullShare())),
                                        "at most %s (maxNulls)"
                                                .formatted(Words.percent(feature.maxNulls())))
                                .in(
                                        IntStream.range(0, column.rows())
                                                .filter(missing(column))
                                                .toArray(),
                                        column.rows()));
            }
        }
        return findings;
    }

    static IntPredicate missing(Column column) {
        return switch (column) {
            case NumberColumn numbers -> row -> Double.isNaN(numbers.values()[row]);
            case CategoryColumn categories ->
                    row -> categories.codes()[row] == CategoryColumn.MISSING;
            case TimeColumn times -> row -> times.micros()[row] == TimeColumn.MISSING;
        };
    }
}

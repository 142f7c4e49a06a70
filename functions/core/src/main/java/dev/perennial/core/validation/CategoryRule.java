package dev.perennial.core.validation;

import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.table.Column.CategoryColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Only values that the feature lists, if it lists any. */
final class CategoryRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        subject.features().stream()
                .filter(CategoryFeature.class::isInstance)
                .map(CategoryFeature.class::cast)
                .filter(feature -> !feature.values().isEmpty())
                .forEach(feature -> check(subject, feature, findings));
        return findings;
    }

    private static void check(Subject subject, CategoryFeature feature, List<Finding> findings) {
        CategoryColumn column = subject.table().category(feature.name());
        Set<String> known = new HashSet<>(feature.values());
        boolean[] legal = new boolean[column.dictionary().size()];
        for (int code = 0; code < legal.length; code++) {
            legal[code] = known.contains(column.dictionary().get(code));
        }
        int[] rows =
                IntStream.range(0, column.rows())
                        .filter(row ->
                                column.codes()[row] != CategoryColumn.MISSING
                                        && !legal[column.codes()[row]])
                        .toArray();
        if (rows.length > 0) {
            findings.add(
                    Finding.error(
                                    Check.CATEGORY,
                                    feature.name(),
                                    "%,d rows from %s on, such as %s"
                                            .formatted(
                                                    rows.length,
                                                    subject.moment(rows[0]),
                                                    subject.shown(
                                                            feature.name(), column.text(rows[0]))),
                                    "one of " + feature.values())
                            .in(rows, column.rows()));
        }
    }
}

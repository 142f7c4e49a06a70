package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.table.Column.CategoryColumn;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Hardly any values in new rows that the champion's training data didn't have. Of columns with more
 * values than its profile counts exactly nothing is said.
 */
final class UnseenRule implements Rule {
    private static final int EXACT = 700;
    private static final int LEAST_ROWS = 5;

    @Override
    public List<Finding> check(Subject subject) {
        return subject.recent()
                .map(recent ->
                        subject.features().stream()
                                .filter(CategoryFeature.class::isInstance)
                                .flatMap(feature -> check(subject, recent, feature).stream())
                                .toList())
                .orElse(List.of());
    }

    private static Optional<Finding> check(Subject subject, Recent recent, FeatureSpec feature) {
        Optional<CategoryProfile> seen =
                recent.champion()
                        .category(feature.name())
                        .filter(champion -> champion.count() > 0 && champion.distinct() <= EXACT);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        CategoryColumn column = recent.rows().category(feature.name());
        boolean[] unseen = new boolean[column.dictionary().size()];
        for (int code = 0; code < unseen.length; code++) {
            unseen[code] = seen.get().share(column.dictionary().get(code)) == 0;
        }
        int before = subject.table().rows() - column.rows();
        int[] rows =
                IntStream.range(0, column.rows())
                        .filter(row ->
                                column.codes()[row] != CategoryColumn.MISSING
                                        && unseen[column.codes()[row]])
                        .toArray();
        double share = (double) rows.length / column.rows();
        if (rows.length < LEAST_ROWS || share <= subject.threshold(Check.UNSEEN)) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.warning(
                                Check.UNSEEN,
                                feature.name(),
                                "%s of the %,d rows newer than the champion's training data have values that it didn't, such as %s"
                                        .formatted(
                                                Words.percent(share),
                                                column.rows(),
                                                subject.shown(
                                                        feature.name(), column.text(rows[0]))),
                                "at most " + Words.percent(subject.threshold(Check.UNSEEN)))
                        .in(
                                IntStream.of(rows).map(row -> before + row).toArray(),
                                subject.table().rows()));
    }
}

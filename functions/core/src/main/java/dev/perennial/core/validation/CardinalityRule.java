package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import java.util.ArrayList;
import java.util.List;

/** Categories that repeat, about as many as the champion was trained on. */
final class CardinalityRule implements Rule {
    /** Fewer values never are too many. */
    private static final int MANY = 50;

    /** Where so many values come once, they name rows, not groups of them. */
    private static final double NAMES = 0.5;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (FeatureSpec feature : subject.features()) {
            if (!(feature instanceof CategoryFeature)) {
                continue;
            }
            CategoryProfile profile = subject.profile().category(feature.name()).orElseThrow();
            long distinct = profile.distinct();
            if (distinct < MANY) {
                continue;
            }
            if (distinct > NAMES * profile.count()) {
                findings.add(
                        Finding.warning(
                                Check.CARDINALITY,
                                feature.name(),
                                "about %,d different values in %,d rows"
                                        .formatted(distinct, profile.count()),
                                "values that come again; is it an identifier?"));
                continue;
            }
            subject.champion()
                    .flatMap(champion -> champion.category(feature.name()))
                    .filter(champion ->
                            distinct
                                    > subject.threshold(Check.CARDINALITY)
                                            * Math.max(MANY / 2, champion.distinct())
                                            * Math.max(
                                                    1,
                                                    (double) profile.count()
                                                            / Math.max(1, champion.count())))
                    .ifPresent(champion ->
                            findings.add(
                                    Finding.warning(
                                            Check.CARDINALITY,
                                            feature.name(),
                                            "about %,d different values".formatted(distinct),
                                            "about %,d, as in the champion's training data"
                                                    .formatted(champion.distinct()))));
        }
        return findings;
    }
}

package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The champion's frequent values still come. One with share p is missed where it doesn't among n
 * new rows and (1 − p)^(n/d) is too little to be chance, with the design effect d of consecutive
 * rows.
 */
final class VanishedRule implements Rule {
    private static final int MOST = 100;

    @Override
    public List<Finding> check(Subject subject) {
        return subject.recent().map(recent -> check(subject, recent)).orElse(List.of());
    }

    private static List<Finding> check(Subject subject, Recent recent) {
        List<Finding> findings = new ArrayList<>();
        List<CategoryFeature> features =
                subject.features().stream()
                        .filter(CategoryFeature.class::isInstance)
                        .map(CategoryFeature.class::cast)
                        .toList();
        for (CategoryFeature feature : features) {
            Optional<CategoryProfile> champion = recent.champion().category(feature.name());
            CategoryProfile now = recent.profile().category(feature.name()).orElseThrow();
            if (champion.isEmpty() || now.count() == 0) {
                continue;
            }
            double least = subject.threshold(Check.VANISHED);
            List<Frequency> frequent =
                    champion.get().top(MOST).stream()
                            .filter(each -> champion.get().share(each.value()) >= least)
                            .toList();
            double rate = subject.falseAlarmRate(features.size() * Math.max(1, frequent.size()));
            double rows = now.count() / recent.effect(feature.name()).value();
            List<String> gone =
                    frequent.stream()
                            .filter(each -> now.share(each.value()) == 0)
                            .filter(each ->
                                    rows * Math.log1p(-champion.get().share(each.value()))
                                            < Math.log(rate))
                            .map(each ->
                                    "%s (%s)"
                                            .formatted(
                                                    subject.shown(feature.name(), each.value()),
                                                    Words.percent(
                                                            champion.get().share(each.value()))))
                            .toList();
            if (!gone.isEmpty()) {
                findings.add(
                        Finding.warning(
                                Check.VANISHED,
                                feature.name(),
                                "none of %s in the %,d rows newer than the champion's training data"
                                        .formatted(
                                                String.join(", ", gone.stream().limit(5).toList()),
                                                now.count()),
                                "the values that it had"));
            }
        }
        return findings;
    }
}

package dev.perennial.core.validation;

import dev.perennial.core.drift.PopulationStability;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Features distributed in new rows as in the champion's training data, by the index of {@link
 * PopulationStability}: more than chance makes of so many rows that depend on their neighbours, in
 * any of so many features, and enough to matter. A retraining is made because data moves; so this
 * is worth a look, not an error.
 */
final class SkewRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        return subject.recent().map(recent -> check(subject, recent)).orElse(List.of());
    }

    private static List<Finding> check(Subject subject, Recent recent) {
        List<Finding> findings = new ArrayList<>();
        double matters = subject.threshold(Check.SKEW);
        for (FeatureSpec feature : subject.features()) {
            Optional<ColumnProfile> before = recent.champion().column(feature.name());
            ColumnProfile now = recent.profile().column(feature.name()).orElseThrow();
            if (before.isEmpty() || before.get().getClass() != now.getClass()) {
                continue;
            }
            PopulationStability.of(
                            before.get(),
                            now,
                            recent.effect(feature.name()),
                            subject.falseAlarmRate(subject.features().size()))
                    .filter(each -> each.value() > Math.max(matters, each.threshold()))
                    .ifPresent(each ->
                            findings.add(
                                    Finding.warning(
                                            Check.SKEW,
                                            feature.name(),
                                            "stability index %s of the %,d rows newer than the champion's training data, against that data"
                                                    .formatted(
                                                            Words.number(each.value()), now.rows()),
                                            "at most %s, which chance may make of them"
                                                    .formatted(
                                                            Words.number(
                                                                    Math.max(
                                                                            matters,
                                                                            each.threshold()))))));
        }
        return findings;
    }
}

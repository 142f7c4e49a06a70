package dev.perennial.core.validation;

import dev.perennial.core.drift.PopulationStability;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.spec.Check;
import java.util.List;
import java.util.Optional;

/**
 * Classes about as often in new rows as in the champion's training data; a regression's labels
 * distributed alike.
 */
final class LabelBalanceRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        return subject.recent()
                .flatMap(recent -> check(subject, recent))
                .map(List::of)
                .orElse(List.of());
    }

    private static Optional<Finding> check(Subject subject, Recent recent) {
        String label = subject.spec().label().column();
        Optional<ColumnProfile> before = recent.champion().column(label);
        ColumnProfile now = recent.profile().column(label).orElseThrow();
        if (before.isEmpty() || before.get().getClass() != now.getClass()) {
            return Optional.empty();
        }
        Optional<PopulationStability> shift =
                PopulationStability.of(
                        before.get(), now, recent.effect(label), subject.falseAlarmRate(1));
        if (shift.filter(each -> each.value() > each.threshold()).isEmpty()) {
            return Optional.empty();
        }
        if (before.get() instanceof CategoryProfile classes
                && now instanceof CategoryProfile present) {
            return classes.top(20).stream()
                    .map(CategoryProfile.Frequency::value)
                    .filter(each ->
                            Math.abs(classes.share(each) - present.share(each))
                                    > subject.threshold(Check.LABEL_BALANCE))
                    .findFirst()
                    .map(each ->
                            Finding.warning(
                                    Check.LABEL_BALANCE,
                                    label,
                                    "class '%s' in %s of the %,d rows newer than the champion's training data"
                                            .formatted(
                                                    each,
                                                    Words.percent(present.share(each)),
                                                    present.rows()),
                                    "%s, as in that data, give or take %s"
                                            .formatted(
                                                    Words.percent(classes.share(each)),
                                                    Words.percent(
                                                            subject.threshold(
                                                                    Check.LABEL_BALANCE)))));
        }
        return shift.filter(each -> each.value() > subject.threshold(Check.SKEW))
                .map(each ->
                        Finding.warning(
                                Check.LABEL_BALANCE,
                                label,
                                "stability index %s of the %,d rows newer than the champion's training data"
                                        .formatted(Words.number(each.value()), now.rows()),
                                "labels distributed as in that data"));
    }
}

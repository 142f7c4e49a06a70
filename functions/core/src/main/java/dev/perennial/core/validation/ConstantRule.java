package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.spec.Check;
import java.util.List;

/** Features that say anything at all. */
final class ConstantRule implements Rule {
    @Override
    public List<Finding> check(Subject subject) {
        return subject.features().stream()
                .map(feature -> subject.profile().column(feature.name()).orElseThrow())
                .filter(ConstantRule::isConstant)
                .map(profile ->
                        Finding.warning(
                                Check.CONSTANT,
                                profile.name(),
                                profile.count() == 0 ? "no value at all" : "one value only",
                                "a feature that varies"))
                .toList();
    }

    private static boolean isConstant(ColumnProfile profile) {
        return profile.count() == 0
                || switch (profile) {
                    case NumberProfile numbers -> numbers.min() == numbers.max();
                    case CategoryProfile categories -> categories.distinct() <= 1;
                    case TimeProfile times -> times.min() == times.max();
                };
    }
}

package dev.perennial.core.validation;

import java.util.List;

/**
 * Asks every rule.
 *
 * <table>
 * <caption>Findings by rule</caption>
 * <tr><td>bad-rows</td><td>ERROR past the spec's share of unreadable rows, else WARNING</td></tr>
 * <tr><td>row-count</td><td>ERROR below the spec's minimum, or where a part of the split is too small to learn from</td></tr>
 * <tr><td>freshness</td><td>ERROR where the newest row is older than the spec's maxAge</td></tr>
 * <tr><td>uniqueness</td><td>ERROR where a key has two rows at one time; WARNING where, without a key, times repeat</td></tr>
 * <tr><td>nulls</td><td>ERROR past the feature's maxNulls</td></tr>
 * <tr><td>range</td><td>ERROR outside the feature's min and max</td></tr>
 * <tr><td>category</td><td>ERROR for a value the feature doesn't list</td></tr>
 * <tr><td>constant</td><td>WARNING for a feature with one value or none</td></tr>
 * <tr><td>label</td><td>ERROR for one class only, or a class that isn't declared; WARNING for missing labels and rare classes</td></tr>
 * <tr><td>leakage</td><td>WARNING for a feature that predicts the label all alone</td></tr>
 * <tr><td>skew</td><td>WARNING for a feature distributed unlike in the champion's training data</td></tr>
 * <tr><td>skipped-columns</td><td>INFO: columns of the files that the spec doesn't name</td></tr>
 * <tr><td>window</td><td>INFO: rows outside the window, and rows whose label isn't known yet</td></tr>
 * </table>
 */
public final class Validator {
    private static final List<Rule> RULES =
            List.of(
                    new ReadingRule(),
                    new RowCountRule(),
                    new FreshnessRule(),
                    new UniquenessRule(),
                    new FeatureRule(),
                    new LabelRule(),
                    new LeakageRule(),
                    new SkewRule());

    private Validator() {}

    public static Findings validate(Subject subject) {
        return new Findings(RULES.stream().flatMap(rule -> rule.check(subject).stream()).toList());
    }
}

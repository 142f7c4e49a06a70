package dev.perennial.core.drift;

import dev.perennial.core.spec.DriftSpec;

/**
 * The declared false alarms, divided among all that may raise one: half to the error detector, half
 * to the features, and there equally to each of them at each look (Bonferroni, so that the sum
 * holds however they depend on each other).
 *
 * @param perFeatureAndLook probability of a false alarm of one feature at one look
 * @param ofErrors expected false alarms of the error detector within {@link DriftSpec#per}
 */
public record FalseAlarmBudget(double perFeatureAndLook, double ofErrors) {
    public static FalseAlarmBudget of(DriftSpec spec, int features) {
        double looks = (double) spec.per().toSeconds() / spec.check().toSeconds();
        double half = spec.falseAlarms() / 2;
        return new FalseAlarmBudget(
                Math.min(0.5, half / Math.max(1, looks) / Math.max(1, features)), half);
    }
}

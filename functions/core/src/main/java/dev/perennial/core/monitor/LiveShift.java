package dev.perennial.core.monitor;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.core.drift.Aspect;
import dev.perennial.core.drift.ColumnShift;
import dev.perennial.core.drift.ColumnShift.Compared;
import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import java.util.List;
import java.util.Optional;

/**
 * A live column against what the champion was trained or tested on.
 *
 * @param column a feature, what was predicted, or the label
 * @param importance share of the model's gain that is the feature's, 0 to 1; 0 for other columns
 */
public record LiveShift(String column, double importance, ColumnShift shift) {
    /** Fewer rows say nothing of a distribution. */
    static final int LEAST_ROWS = 50;

    /** 1 and more is drift. */
    @JsonProperty
    public double ratio() {
        return shift.strongest().ratio();
    }

    /** The population stability index and its threshold. */
    public Compared stability() {
        return shift.compared().stream()
                .filter(each -> each.aspect() == Aspect.SHARES)
                .findFirst()
                .orElseThrow();
    }

    /**
     * One column, if enough rows came.
     *
     * @param window its profiles, by day
     * @param falseAlarmRate of this comparison
     */
    static Optional<LiveShift> of(
            String column,
            double importance,
            Optional<? extends ColumnProfile> reference,
            List<ColumnProfile> window,
            DesignEffects effects,
            double falseAlarmRate) {
        Optional<ColumnProfile> live = window.stream().reduce(LiveShift::merge);
        if (reference.isEmpty() || live.isEmpty() || live.get().rows() < LEAST_ROWS) {
            return Optional.empty();
        }
        return ColumnShift.of(reference.get(), live.get(), effects, falseAlarmRate)
                .map(shift -> new LiveShift(column, importance, shift));
    }

    private static ColumnProfile merge(ColumnProfile a, ColumnProfile b) {
        if (a instanceof NumberProfile ours && b instanceof NumberProfile theirs) {
            return ours.merge(theirs);
        }
        if (a instanceof CategoryProfile ours && b instanceof CategoryProfile theirs) {
            return ours.merge(theirs);
        }
        throw new IllegalArgumentException(
                "%s has two types within one version".formatted(a.name()));
    }
}

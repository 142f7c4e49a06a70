package dev.perennial.core.monitor;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.core.drift.Aspect;
import dev.perennial.core.drift.ColumnShift;
import dev.perennial.core.drift.ColumnShift.Compared;
import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A live column against what the champion was trained or tested on.
 *
 * @param column a feature, what was predicted, or the label
 * @param importance share of the model's gain that is the feature's, 0 to 1; 0 for other columns
 * @param since the first of the days up to now each of which is drift by itself; empty where the
 *     last one isn't
 */
public record LiveShift(
        String column, double importance, ColumnShift shift, Optional<LocalDate> since) {
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
     * @param window its profiles, by ascending day
     * @param falseAlarmRate of this comparison
     */
    static Optional<LiveShift> of(
            String column,
            double importance,
            Optional<? extends ColumnProfile> reference,
            SortedMap<LocalDate, ColumnProfile> window,
            DesignEffects effects,
            double falseAlarmRate) {
        Optional<ColumnProfile> live = window.values().stream().reduce(LiveShift::merge);
        if (reference.isEmpty() || live.isEmpty() || live.get().rows() < LEAST_ROWS) {
            return Optional.empty();
        }
        return ColumnShift.of(reference.get(), live.get(), effects, falseAlarmRate)
                .map(shift ->
                        new LiveShift(
                                column,
                                importance,
                                shift,
                                shift.strongest().ratio() < 1
                                        ? Optional.empty()
                                        : since(reference.get(), window, effects, falseAlarmRate)));
    }

    private static Optional<LocalDate> since(
            ColumnProfile reference,
            SortedMap<LocalDate, ColumnProfile> window,
            DesignEffects effects,
            double falseAlarmRate) {
        Optional<LocalDate> since = Optional.empty();
        for (Map.Entry<LocalDate, ColumnProfile> day : window.entrySet()) {
            boolean is =
                    day.getValue().rows() >= LEAST_ROWS
                            && ColumnShift.isDrift(
                                    reference, day.getValue(), effects, falseAlarmRate);
            since = is ? since.or(() -> Optional.of(day.getKey())) : Optional.empty();
        }
        return since;
    }

    static ColumnProfile merge(ColumnProfile a, ColumnProfile b) {
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

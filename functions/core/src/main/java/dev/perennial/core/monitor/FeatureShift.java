package dev.perennial.core.monitor;

import dev.perennial.core.drift.DesignEffect;
import dev.perennial.core.drift.FalseAlarmBudget;
import dev.perennial.core.drift.PopulationStability;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A live feature against the champion's training.
 *
 * @param index the population stability index
 * @param threshold that it exceeds by chance as often as the spec allows
 * @param rows of the detection window
 */
public record FeatureShift(String feature, double index, double threshold, long rows) {
    /** Fewer rows say nothing of a distribution. */
    static final int LEAST_ROWS = 50;

    /** 1 and more is drift. */
    public double ratio() {
        return index / threshold;
    }

    static List<FeatureShift> of(PipelineSpec spec, Monitor.Champion champion, List<LiveDay> days) {
        List<TableProfile> window =
                days.stream()
                        .filter(day -> day.version() == champion.reference().version())
                        .map(LiveDay::features)
                        .toList();
        double falseAlarm =
                FalseAlarmBudget.of(spec.drift(), spec.features().size()).perFeatureAndLook();
        List<FeatureShift> shifts = new ArrayList<>();
        for (FeatureSpec feature : spec.features()) {
            String name = feature.name();
            Optional<ColumnProfile> reference = champion.profile().column(name);
            Optional<ColumnProfile> live =
                    window.stream()
                            .flatMap(day -> day.column(name).stream())
                            .reduce(FeatureShift::merge);
            if (reference.isEmpty() || live.isEmpty() || live.get().rows() < LEAST_ROWS) {
                continue;
            }
            PopulationStability.of(
                            reference.get(),
                            live.get(),
                            champion.reference()
                                    .designEffects()
                                    .getOrDefault(name, DesignEffect.none()),
                            falseAlarm)
                    .ifPresent(found ->
                            shifts.add(
                                    new FeatureShift(
                                            name, found.value(), found.threshold(), found.rows())));
        }
        return shifts;
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

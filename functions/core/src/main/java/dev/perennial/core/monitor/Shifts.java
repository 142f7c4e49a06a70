package dev.perennial.core.monitor;

import dev.perennial.core.drift.DesignEffects;
import dev.perennial.core.drift.FalseAlarmBudget;
import dev.perennial.core.drift.PairProfile;
import dev.perennial.core.drift.PairShift;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.PipelineSpec;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * How live traffic is distributed against what the champion knows. Each list has the furthest
 * beyond its threshold first.
 *
 * @param features against the training rows
 * @param pairs of the most important numbers, how they go together, against the training rows
 * @param predictions against those on the test split; empty where a version was tested by a factory
 *     that didn't keep them
 * @param label against the training rows
 */
public record Shifts(
        List<LiveShift> features,
        List<PairShift> pairs,
        List<LiveShift> predictions,
        Optional<LiveShift> label) {
    static final Shifts NONE = new Shifts(List.of(), List.of(), List.of(), Optional.empty());

    public Shifts {
        features = List.copyOf(features);
        pairs = List.copyOf(pairs);
        predictions = List.copyOf(predictions);
    }

    static Shifts of(
            PipelineSpec spec,
            Monitor.Champion champion,
            List<LiveDay> days,
            List<LabelDay> labelDays) {
        Reference reference = champion.reference();
        SortedMap<LocalDate, TableProfile> window = new TreeMap<>();
        days.stream()
                .filter(day -> day.version() == reference.version())
                .forEach(day -> window.put(day.day(), day.profile()));
        SortedMap<LocalDate, TableProfile> labels = new TreeMap<>();
        labelDays.forEach(day -> labels.put(day.day(), day.labels()));
        // All pairs together count as one more feature.
        double rate =
                FalseAlarmBudget.of(spec.drift(), spec.features().size() + 1).perFeatureAndLook();
        List<LiveShift> features = new ArrayList<>();
        for (FeatureSpec feature : spec.features()) {
            String name = feature.name();
            LiveShift.of(
                            name,
                            reference.importance().getOrDefault(name, 0.0),
                            champion.profile().column(name),
                            column(window, name),
                            effects(reference, name),
                            rate)
                    .ifPresent(features::add);
        }
        List<PairShift> pairs =
                days.stream()
                        .filter(day -> day.version() == reference.version())
                        .map(LiveDay::pairs)
                        .reduce(PairProfile::merge)
                        .filter(live -> live.rows() >= LiveShift.LEAST_ROWS)
                        .map(live ->
                                PairShift.of(
                                        reference.pairs(), live, reference.pairEffects(), rate))
                        .orElse(List.of());
        List<LiveShift> predictions = new ArrayList<>();
        for (TableProfile tested : champion.predicted().stream().toList()) {
            for (ColumnProfile each : tested.columns()) {
                LiveShift.of(
                                each.name(),
                                0,
                                Optional.of(each),
                                column(window, each.name()),
                                effects(reference, each.name()),
                                rate / tested.columns().size())
                        .ifPresent(predictions::add);
            }
        }
        Optional<LiveShift> label =
                LiveShift.of(
                        spec.label().column(),
                        0,
                        champion.label(),
                        column(labels, LiveColumns.LABEL),
                        effects(reference, LiveColumns.LABEL),
                        rate);
        Comparator<LiveShift> furthest = Comparator.comparingDouble(LiveShift::ratio).reversed();
        features.sort(furthest);
        predictions.sort(furthest);
        return new Shifts(features, pairs, predictions, label);
    }

    private static SortedMap<LocalDate, ColumnProfile> column(
            SortedMap<LocalDate, TableProfile> window, String name) {
        SortedMap<LocalDate, ColumnProfile> columns = new TreeMap<>();
        window.forEach((day, profile) ->
                profile.column(name).ifPresent(column -> columns.put(day, column)));
        return columns;
    }

    private static DesignEffects effects(Reference reference, String column) {
        return reference.designEffects().getOrDefault(column, DesignEffects.none());
    }

    /** What moved furthest over its threshold: 1 and more is drift; 0 where nothing is known. */
    public double featuresMoved() {
        return DoubleStream.concat(
                        features.stream().mapToDouble(LiveShift::ratio),
                        pairs.stream().mapToDouble(PairShift::ratio))
                .max()
                .orElse(0);
    }

    /** The same of what is predicted. */
    public double predictionsMoved() {
        return predictions.stream().mapToDouble(LiveShift::ratio).max().orElse(0);
    }

    /**
     * What alarms: features that moved and took the predictions with them. What the model doesn't
     * notice can't make it err more; an error that comes otherwise is the error detector's. Where
     * it isn't known what the version predicted when it was tested, features count alone.
     */
    public double featureDrift() {
        return predictions.isEmpty()
                ? featuresMoved()
                : Math.min(featuresMoved(), predictionsMoved());
    }
}

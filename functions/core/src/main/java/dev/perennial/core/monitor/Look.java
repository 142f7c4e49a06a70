package dev.perennial.core.monitor;

import dev.perennial.core.live.Role;
import dev.perennial.core.monitor.LabelJoin.Aside;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a look found.
 *
 * @param state for the next look
 * @param served new predictions that were answered
 * @param labelled answers whose label came
 * @param features each of the champion's features against its training; empty where there is no
 *     champion or too little traffic
 * @param errorDrift the error detector's highest statistic since the last look over its threshold:
 *     1 and more is drift
 * @param drifts rises of the errors that set the detector off
 * @param trial of the challenger that predicts beside the champion
 * @param aside labels that were of no use
 */
public record Look(
        MonitorState state,
        long served,
        long labelled,
        List<FeatureShift> features,
        double errorDrift,
        List<Drift> drifts,
        Optional<TrialLook> trial,
        List<Aside> aside) {
    public Look {
        features = List.copyOf(features);
        drifts = List.copyOf(drifts);
        aside = List.copyOf(aside);
    }

    /** The feature that moved furthest over its threshold: 1 and more is drift; 0 without any. */
    public double featureDrift() {
        return features.stream().mapToDouble(FeatureShift::ratio).max().orElse(0);
    }

    /** Answers that wait for their label. */
    public long open() {
        return state.join().open().stream().filter(each -> each.role() != Role.SHADOW).count();
    }

    /** The champion's own quality on the detection window's days. */
    public List<Quality> live() {
        List<LocalDate> window = state.days().stream().map(LiveDay::day).distinct().toList();
        return state.watch()
                .map(watch ->
                        state.quality().stream()
                                .filter(each -> each.version() == watch.reference().version())
                                .filter(each -> each.role() != Role.SHADOW)
                                .filter(each -> window.contains(each.day()))
                                .toList())
                .orElse(List.of());
    }
}

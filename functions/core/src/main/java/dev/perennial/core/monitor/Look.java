package dev.perennial.core.monitor;

import dev.perennial.core.live.Role;
import dev.perennial.core.monitor.LabelJoin.Aside;
import dev.perennial.core.retrain.LiveLoss;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a look found.
 *
 * @param state for the next look
 * @param served new predictions that were answered
 * @param labelled answers whose label came
 * @param shifts of the champion's live columns; empty where there is no champion or too little
 *     traffic
 * @param estimate of its error, before labels come
 * @param worse parts of the rows in which it errs more than in its test, as far as labels have come
 * @param loss what the champion loses beyond a fresh model; empty before its first label
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
        Shifts shifts,
        Optional<ErrorEstimate> estimate,
        List<WorseSlice> worse,
        Optional<LiveLoss> loss,
        double errorDrift,
        List<Drift> drifts,
        Optional<TrialLook> trial,
        List<Aside> aside) {
    public Look {
        worse = List.copyOf(worse);
        drifts = List.copyOf(drifts);
        aside = List.copyOf(aside);
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

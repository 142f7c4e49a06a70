package dev.perennial.core.monitor;

import dev.perennial.core.drift.ErrorThreshold;
import dev.perennial.core.drift.ErrorThreshold.Tested;
import dev.perennial.core.drift.FalseAlarmBudget;
import dev.perennial.core.drift.PageHinkley;
import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.DriftSpec;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.EventTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One champion under watch, from the day it became champion.
 *
 * @param detector of a rise of its errors
 * @param calm when the detector's statistic was 0 for the last time
 * @param labelled its predictions whose label has come
 */
public record Watch(Reference reference, PageHinkley detector, Instant calm, long labelled) {
    static Watch begin(PipelineSpec spec, Reference reference) {
        DriftSpec drift = spec.drift();
        double days = (double) drift.per().toSeconds() / Duration.ofDays(1).toSeconds();
        boolean regression = spec.task() == Task.REGRESSION;
        double error = reference.testError();
        double rows = reference.testRows();
        Tested tested =
                regression
                        ? Tested.ofLosses(error, rows, reference.errorVariance())
                        : Tested.ofErrors(
                                error,
                                rows,
                                error > 0 && error < 1
                                        ? reference.errorVariance() / (error * (1 - error))
                                        : 1);
        double unit = regression ? Math.sqrt(reference.errorVariance()) : 1;
        PageHinkley.Settings settings =
                ErrorThreshold.settings(
                        tested,
                        drift.smallestRise() * unit,
                        FalseAlarmBudget.of(drift, spec.features().size()).ofErrors(),
                        reference.rowsPerDay() * days);
        return new Watch(
                reference, PageHinkley.start(settings, tested.reference()), reference.since(), 0);
    }

    /** Follows this champion's own errors, in order of the predictions. */
    ErrorWatch follow(List<Outcome> outcomes) {
        PageHinkley state = detector;
        double ratio = 0;
        long count = labelled;
        Instant quiet = calm;
        List<Drift> drifts = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            Instant at = EventTime.instant(outcome.at());
            boolean own =
                    outcome.version() == reference.version()
                            && outcome.role() != Role.SHADOW
                            && !at.isBefore(reference.since());
            if (!own) {
                continue;
            }
            count++;
            state = state.update(outcome.error());
            ratio = Math.max(ratio, state.statistic() / state.settings().threshold());
            quiet = state.statistic() > 0 ? quiet : at;
            if (state.alarm()) {
                drifts.add(new Drift(at, quiet));
            }
        }
        double now = state.seen() == 0 ? 0 : state.statistic() / state.settings().threshold();
        return new ErrorWatch(
                new Watch(reference, state, quiet, count),
                outcomes.isEmpty() && !state.alarm() ? now : ratio,
                drifts);
    }
}

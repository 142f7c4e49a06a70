package dev.perennial.core.retrain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A {@link ProbeLog} as a policy looks at it.
 *
 * @param lastRun when the last run began, whatever came of it; empty: none since the log did
 * @param mayServe which versions may be brought back
 */
public record LoggedEvidence(
        ProbeLog log, Stakes stakes, Optional<Instant> lastRun, IntPredicate mayServe)
        implements Evidence {
    @Override
    public Course course() {
        return log.course();
    }

    @Override
    public int live() {
        return log.live();
    }

    @Override
    public List<Integer> eligible() {
        return log.course().models().stream()
                .filter(number -> mayServe.test(log.version(number)))
                .toList();
    }

    @Override
    public int labelled() {
        return log.periods().size();
    }

    @Override
    public boolean tells(int period) {
        return log.periods().get(period).rows() > 0;
    }

    /** What was lost in the period of a run before it is paid for too. */
    @Override
    public int paid() {
        int newest = log.course().models().getLast();
        return lastRun.map(at -> log.period(at) + 1).filter(after -> after > newest).orElse(newest);
    }

    @Override
    public double price() {
        return Math.max(stakes.runUsd() / stakes.periodUsd(log), Double.MIN_NORMAL);
    }

    @Override
    public double probePrice() {
        return stakes.probeUsd() / stakes.periodUsd(log);
    }

    @Override
    public boolean alarmed() {
        throw new UnsupportedOperationException("detectors are the monitor's, and not in this log");
    }

    @Override
    public Difference models(int model, int other, int period) {
        return model > other
                ? models(other, model, period).turned()
                : known(
                        known(log.periods().get(period).beyondLater(), model, period),
                        other,
                        period);
    }

    @Override
    public Difference probes(int probe, int other, int period) {
        if (other != log.course().freshest(period)) {
            throw new IllegalArgumentException(
                    "probe %d is compared with the freshest of period %d, not with %d"
                            .formatted(probe, period, other));
        }
        return known(log.periods().get(period).excess(), probe, period);
    }

    @Override
    public double modelLoss(int model, int period) {
        return known(log.periods().get(period).champions(), model, period);
    }

    @Override
    public double probeLoss(int probe, int period) {
        return known(log.periods().get(period).probes(), probe, period);
    }

    private static <T> T known(Map<Integer, T> all, int number, int period) {
        return Optional.ofNullable(all.get(number))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "nothing is known of %d in period %d".formatted(number, period)));
    }
}

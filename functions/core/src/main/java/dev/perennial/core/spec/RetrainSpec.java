package dev.perennial.core.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a run may start.
 *
 * @param on the events that may start one; a person always may
 * @param cooldown least time between the starts of two runs
 * @param maxPerDay most runs that start within 24 hours
 * @param budget most money that runs may cost
 * @param costs what errors and runs cost; without them no run is weighed
 * @param followUp how long after a run that an error alarm started one more is due, when rows of
 *     the new concept have come; empty: none
 * @param probes length of the periods by which small fresh models tell what the champion loses
 *     beyond them; empty: its own errors have to
 * @param maxAge how long after the last run's start the next event starts one, whatever its cause
 *     and worth; empty: however long ago the last one was
 */
public record RetrainSpec(
        List<Cause> on,
        Duration cooldown,
        int maxPerDay,
        Optional<Budget> budget,
        Optional<Costs> costs,
        Optional<Duration> followUp,
        Optional<Duration> probes,
        Optional<Duration> maxAge) {
    /** What a spec without the block means. */
    public static final RetrainSpec STANDARD =
            new RetrainSpec(
                    List.of(Cause.SCHEDULE, Cause.ERROR_DRIFT, Cause.NEW_DATA, Cause.WORTH),
                    Duration.ofHours(6),
                    4,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    public RetrainSpec {
        on = List.copyOf(on);
    }

    /** What may start a run. */
    public enum Cause {
        /** The schedule came round. */
        SCHEDULE,
        /** The live model's errors rose. */
        ERROR_DRIFT,
        /** The live features moved away from those it was trained on. */
        FEATURE_DRIFT,
        /** Enough new labelled data came. */
        NEW_DATA,
        /** Probes say that fresh models would have saved what a run costs. */
        WORTH;

        /** As the spec writes it. */
        public String spelling() {
            return YamlMap.spelling(this);
        }
    }

    /**
     * In US dollars.
     *
     * @param error of one wrong answer; of a regression, of one unit of absolute error
     * @param run of one run beside its compute, such as the review of a new model
     */
    public record Costs(double error, double run) {}

    /** Money, in US dollars at list prices, within a period that slides along. */
    public record Budget(double usd, Duration per) {}
}

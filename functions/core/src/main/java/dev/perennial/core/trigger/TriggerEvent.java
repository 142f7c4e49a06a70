package dev.perennial.core.trigger;

import dev.perennial.core.spec.RetrainSpec.Cause;
import java.time.Instant;
import java.util.Optional;

/** Something that may start a run. */
public sealed interface TriggerEvent {
    /**
     * The same for each copy of one event: deliveries come at least once, and Scheduler's execution
     * id differs per attempt.
     */
    String key();

    /** When it happened, which is the decision's "now". */
    Instant at();

    /** The cause in the spec's terms; empty where a person wants it, or nothing in a spec is. */
    Optional<Cause> cause();

    /** What happened, in a few words. */
    String words();

    /** Letters for a run's name. */
    String slug();

    /** The schedule came round. */
    record Scheduled(Instant at) implements TriggerEvent {
        @Override
        public String key() {
            return "schedule/" + at;
        }

        @Override
        public Optional<Cause> cause() {
            return Optional.of(Cause.SCHEDULE);
        }

        @Override
        public String words() {
            return "the schedule";
        }

        @Override
        public String slug() {
            return "schedule";
        }
    }

    /**
     * A CloudWatch alarm went off.
     *
     * @param alarm its name
     * @param metric that it watches
     */
    record AlarmRaised(String alarm, String metric, Instant at) implements TriggerEvent {
        @Override
        public String key() {
            return "alarm/" + alarm + "/" + at;
        }

        @Override
        public Optional<Cause> cause() {
            return switch (metric) {
                case "ErrorDrift" -> Optional.of(Cause.ERROR_DRIFT);
                case "FeatureDrift" -> Optional.of(Cause.FEATURE_DRIFT);
                case "NewLabels" -> Optional.of(Cause.NEW_DATA);
                default -> Optional.empty();
            };
        }

        @Override
        public String words() {
            return "the alarm %s on %s".formatted(alarm, metric);
        }

        @Override
        public String slug() {
            return "alarm";
        }
    }

    /**
     * A look at the probes found that a run would have paid for itself.
     *
     * @param look the execution's name
     */
    record Aged(String look, Instant at) implements TriggerEvent {
        @Override
        public String key() {
            return "probes/" + look;
        }

        @Override
        public Optional<Cause> cause() {
            return Optional.of(Cause.WORTH);
        }

        @Override
        public String words() {
            return "a look at the probes";
        }

        @Override
        public String slug() {
            return "worth";
        }
    }

    /**
     * A person wants a run.
     *
     * @param token the same for each attempt of one wish
     * @param why in their words
     */
    record Wish(String token, String who, String why, Instant at) implements TriggerEvent {
        @Override
        public String key() {
            return "person/" + token;
        }

        @Override
        public Optional<Cause> cause() {
            return Optional.empty();
        }

        @Override
        public String words() {
            return "%s's wish".formatted(who);
        }

        @Override
        public String slug() {
            return "person";
        }
    }
}

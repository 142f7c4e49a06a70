package dev.perennial.trigger;

import dev.perennial.aws.Failures;
import dev.perennial.core.spec.RetrainSpec.Cause;
import dev.perennial.core.trigger.Decision;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.EventBus;
import dev.perennial.core.trigger.TriggerEvent.AlarmRaised;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells others that an alarm found drift, and what was decided on it: once, however often the
 * alarm's event is delivered. Who decided may die before the event is sent; then a further copy
 * sends it. What can't be sent is counted and logged, and the decision stands.
 */
final class DriftNews {
    static final String TYPE = "perennial.drift.detected";

    private static final List<Cause> DRIFT = List.of(Cause.ERROR_DRIFT, Cause.FEATURE_DRIFT);

    private final DecisionLog decisions;
    private final NewestLook looks;
    private final String bucket;
    private final EventBus bus;
    private final Failures failures;

    /**
     * @param bucket of the artifacts, for links
     */
    DriftNews(
            DecisionLog decisions,
            NewestLook looks,
            String bucket,
            EventBus bus,
            Failures failures) {
        this.decisions = decisions;
        this.looks = looks;
        this.bucket = bucket;
        this.bus = bus;
        this.failures = failures;
    }

    /**
     * The event's detail.
     *
     * @param reason CloudWatch's, with the values that breached
     * @param at when the alarm went off
     * @param report of the monitor's newest look
     * @param pageUri the same with pictures, for people
     */
    private record Detail(
            String pipeline,
            String alarm,
            String metric,
            String reason,
            Instant at,
            Decided decision,
            Optional<ObjectName> report,
            Optional<String> reportUri,
            Optional<String> pageUri) {}

    /**
     * What was decided.
     *
     * @param run that was started; absent where it was declined
     */
    private record Decided(Optional<String> run, String reason) {}

    private record ObjectName(String bucket, String key) {}

    /**
     * Tells it, if it is drift that the alarm watches.
     *
     * @param reason in the alarm's words
     */
    void tell(String pipeline, AlarmRaised alarm, String reason) {
        if (alarm.cause().filter(DRIFT::contains).isEmpty()) {
            return;
        }
        try {
            if (!decisions.isAnnounced(pipeline, alarm.key())) {
                Decision decision = decisions.standing(pipeline, alarm.key()).orElseThrow();
                bus.send(TYPE, detail(decision, alarm, reason));
                decisions.announced(pipeline, alarm.key());
            }
        } catch (RuntimeException failed) { // whatever it is, the decision was made
            failures.tell(
                    alarm.at(),
                    "EventsNotSent",
                    1,
                    "EVENT_NOT_SENT pipeline=%s type=%s event=%s: %s"
                            .formatted(pipeline, TYPE, alarm.key(), failed.getMessage()));
        }
    }

    private String uri(String key) {
        return "s3://%s/%s".formatted(bucket, key);
    }

    private Detail detail(Decision decision, AlarmRaised alarm, String reason) {
        Optional<NewestLook.Report> look = looks.report(decision.pipeline());
        Optional<String> report = look.map(NewestLook.Report::key);
        return new Detail(
                decision.pipeline(),
                alarm.alarm(),
                alarm.metric(),
                reason,
                alarm.at(),
                new Decided(decision.run(), decision.reason()),
                report.map(key -> new ObjectName(bucket, key)),
                report.map(this::uri),
                look.flatMap(NewestLook.Report::page).map(this::uri));
    }
}

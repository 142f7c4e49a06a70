package dev.perennial.trigger;

import dev.perennial.core.json.Json;
import dev.perennial.core.trigger.TriggerEvent;
import dev.perennial.core.trigger.TriggerEvent.Aged;
import dev.perennial.core.trigger.TriggerEvent.AlarmRaised;
import dev.perennial.core.trigger.TriggerEvent.Scheduled;
import dev.perennial.core.trigger.TriggerEvent.Wish;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads what may start a run: the schedule's tick and a person's wish as template.yaml and the
 * command line write them, what a look at the probes found, and CloudWatch's own alarm event as
 * EventBridge delivers them.
 */
final class EventReader {
    private EventReader() {}

    /**
     * An event and the name of this copy of it, where the sender gave one.
     *
     * @param delivery such as Scheduler's execution id or EventBridge's event id
     * @param reason CloudWatch's own of an alarm; empty otherwise
     */
    record Delivered(TriggerEvent event, Optional<String> delivery, String reason) {}

    /** {@code {"trigger": "schedule", "time": "…", "delivery": "…"}}. */
    private record Tick(String trigger, Instant time, Optional<String> delivery) {}

    /** {@code {"trigger": "person", "time": "…", "token": "…", "who": "…", "why": "…"}}. */
    private record Asked(String trigger, Instant time, String token, String who, String why) {}

    /** The state machine's, of a look that found it: {@link #AGED}. */
    private static final String AGED = "perennial.model.aged";

    /** {@code {"trigger": "probes", "time": "…"}}. */
    private record Look(String trigger, Instant time) {}

    /** When the probes are to be looked at, if it is that which the event asks for. */
    static Optional<Instant> look(byte[] bytes) {
        return Json.tree("the event", bytes).path("trigger").asString("").equals("probes")
                ? Optional.of(Json.read("the probes' event", bytes, Look.class).time())
                : Optional.empty();
    }

    static Delivered read(byte[] bytes) {
        JsonNode event = Json.tree("the event", bytes);
        return switch (event.path("trigger").asString("")) {
            case "schedule" -> {
                Tick tick = Json.read("the schedule's event", bytes, Tick.class);
                yield new Delivered(new Scheduled(tick.time()), tick.delivery(), "");
            }
            case "person" -> {
                Asked asked = Json.read("the person's event", bytes, Asked.class);
                yield new Delivered(
                        new Wish(asked.token(), asked.who(), asked.why(), asked.time()),
                        Optional.empty(),
                        "");
            }
            default ->
                    event.path("detail-type").asString("").equals(AGED)
                            ? aged(event)
                            : alarm(event);
        };
    }

    private static Delivered aged(JsonNode event) {
        JsonNode detail = event.path("detail");
        return new Delivered(
                new Aged(detail.path("run").asString(""), time(detail.path("until").asString(""))),
                delivery(event),
                "");
    }

    private static Optional<String> delivery(JsonNode event) {
        return Optional.of(event.path("id").asString("")).filter(id -> !id.isEmpty());
    }

    private static Delivered alarm(JsonNode event) {
        JsonNode detail = event.path("detail");
        String name = detail.path("alarmName").asString("");
        String state = detail.path("state").path("value").asString("");
        if (!event.path("source").asString("").equals("aws.cloudwatch") || name.isEmpty()) {
            throw new UnknownEventException(
                    "it is neither the schedule's, nor a person's, nor the probes', nor a CloudWatch alarm's");
        }
        if (!state.equals("ALARM")) {
            throw new UnknownEventException(
                    "alarm %s went to %s; only ALARM starts a run, see the rule in template.yaml"
                            .formatted(name, state));
        }
        JsonNode metrics = detail.path("configuration").path("metrics");
        String metric = metrics.path(0).path("metricStat").path("metric").path("name").asString("");
        return new Delivered(
                new AlarmRaised(
                        name, metric, time(detail.path("state").path("timestamp").asString(""))),
                delivery(event),
                detail.path("state").path("reason").asString(""));
    }

    /** CloudWatch writes 2026-01-01T00:00:00.000+0000. */
    private static Instant time(String text) {
        try {
            return Instant.parse(text.replaceFirst("\\+0000$", "Z"));
        } catch (DateTimeException unreadable) {
            throw new UnknownEventException("its '%s' is no time".formatted(text));
        }
    }
}

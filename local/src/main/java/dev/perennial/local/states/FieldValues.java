package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Values of fields that Step Functions wants to have a type, a range or a size. */
final class FieldValues {
    /** AWS's quota for the input, the result and the output of a state, in bytes of UTF-8. */
    static final int PAYLOAD_LIMIT = 262_144;

    private FieldValues() {}

    static int whole(Template template, String field, int least, StateVisit visit)
            throws StateFailure {
        JsonNode value = template.fill(visit.before());
        if (!value.isNumber()) {
            throw unexpected(field, "number", value);
        }
        double number = value.doubleValue();
        if (number != Math.rint(number) || number < least || number > 99_999_999) {
            throw new StateFailure(
                    StateFailure.QUERY_EVALUATION,
                    "The field '%s' should be a whole number from %d to 99999999 but is %s"
                            .formatted(field, least, Json.write(value)));
        }
        return (int) number;
    }

    /** Empty if the field is absent. */
    static Optional<Duration> seconds(Optional<Template> template, String field, StateVisit visit)
            throws StateFailure {
        return template.isPresent()
                ? Optional.of(Duration.ofSeconds(whole(template.get(), field, 1, visit)))
                : Optional.empty();
    }

    /** Empty if the field is absent. */
    static String text(Optional<Template> template, String field, StateVisit visit)
            throws StateFailure {
        if (template.isEmpty()) {
            return "";
        }
        JsonNode value = template.get().fill(visit.before());
        if (!value.isString()) {
            throw unexpected(field, "string", value);
        }
        return value.stringValue();
    }

    /** How long a Wait still has to wait, never less than nothing. */
    static Duration left(State.Until until, StateVisit visit, InstantSource clock)
            throws StateFailure {
        return switch (until) {
            case State.Until.Seconds(Template value) ->
                    Duration.ofSeconds(whole(value, "Seconds", 0, visit));
            case State.Until.Timestamp(Template value) -> {
                JsonNode moment = value.fill(visit.before());
                if (!moment.isString()) {
                    throw unexpected("Timestamp", "string", moment);
                }
                yield between(clock.instant(), moment.stringValue());
            }
        };
    }

    private static Duration between(Instant now, String timestamp) throws StateFailure {
        try {
            Instant until = OffsetDateTime.parse(timestamp).toInstant();
            Duration left = Duration.between(now, until);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException e) {
            throw new StateFailure(
                    StateFailure.QUERY_EVALUATION,
                    "The field 'Timestamp' should be RFC 3339, e.g. 2026-01-31T12:00:00Z, but is '%s'"
                            .formatted(timestamp));
        }
    }

    static StateFailure unexpected(String field, String expected, JsonNode value) {
        return new StateFailure(
                StateFailure.QUERY_EVALUATION,
                "The field '%s' should be of type %s but is %s"
                        .formatted(field, expected, FieldReader.kind(value)));
    }

    static void limit(JsonNode payload, String what, String state) throws StateFailure {
        int bytes = Json.utf8Length(payload);
        if (bytes > PAYLOAD_LIMIT) {
            throw new StateFailure(
                    StateFailure.DATA_LIMIT_EXCEEDED,
                    "The %s of state '%s' has %d bytes of UTF-8; the limit is %d"
                            .formatted(what, state, bytes, PAYLOAD_LIMIT));
        }
    }
}

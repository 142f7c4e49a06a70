package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.permission.Call;
import dev.perennial.local.template.RuleResource;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import software.amazon.event.ruler.Machine;
import tools.jackson.databind.JsonNode;

/**
 * EventBridge's default event bus. Gives an event to the function of each rule that matches, in the
 * rules' order by name, and appends every event to a file. Safe for use by many threads.
 */
public final class EventBus {
    /** EventBridge's limits for one request. */
    private static final int MOST_ENTRIES = 10;

    private static final int LARGEST_REQUEST = 262_144;

    private static final Set<String> MEMBERS =
            Set.of(
                    "Source",
                    "DetailType",
                    "Detail",
                    "Time",
                    "Resources",
                    "EventBusName",
                    "TraceHeader");
    private static final String ARN =
            "arn:aws:events:%s:%s:event-bus/default"
                    .formatted(TemplateReader.REGION, TemplateReader.ACCOUNT);
    private static final Set<String> BUS_NAMES = Set.of("default", ARN);

    private final Machine machine = Machine.builder().build();
    private final Map<String, RuleResource> rules = new LinkedHashMap<>();
    private final Targets targets;
    private final JsonLines events;
    private final InstantSource clock;
    private long sequence;

    /** Takes an event for a function. */
    public interface Targets {
        void submit(String functionArn, byte[] event);
    }

    /** What is wrong with one entry of a request. */
    private record Refused(String code, String message) {}

    /**
     * Takes the rules.
     *
     * @param file gets every event, one line each
     */
    public EventBus(List<RuleResource> rules, Targets targets, Path file, InstantSource clock) {
        this.targets = targets;
        this.events = new JsonLines(file);
        this.clock = clock;
        this.sequence = events.count();
        for (RuleResource rule : rules) {
            try {
                machine.addRule(rule.name(), rule.pattern());
            } catch (IOException wrong) {
                throw new UncheckedIOException(
                        "the pattern of %s: %s".formatted(rule.name(), wrong.getMessage()), wrong);
            }
            this.rules.put(rule.name(), rule);
        }
    }

    /** A bus without rules: it keeps events, and nobody reacts to them. */
    public static EventBus withoutRules(Path file, InstantSource clock) {
        return new EventBus(List.of(), (_, _) -> {}, file, clock);
    }

    /** What a PutEvents request needs to be allowed: each entry for itself. */
    public static List<Call> calls(JsonNode request) {
        return request.path("Entries")
                .valueStream()
                .map(entry ->
                        new Call(
                                "events:PutEvents",
                                ARN,
                                Map.of(
                                        "events:source", entry.path("Source").asString(""),
                                        "events:detail-type",
                                                entry.path("DetailType").asString(""))))
                .distinct()
                .toList();
    }

    /**
     * The PutEvents API.
     *
     * @param request its request in JSON; a Detail may be an object, as the state machine's
     *     integration has it
     * @param resources are added to those of each entry
     * @return its response in JSON: an EventId or ErrorCode and ErrorMessage for each entry
     * @throws RefusedRequestException if the request as a whole is refused, as EventBridge would
     * @throws UnsupportedOperationException if it asks for what the local cloud doesn't do
     */
    public JsonNode putEvents(JsonNode request, List<String> resources) {
        request.propertyNames().stream()
                .filter(name -> !name.equals("Entries"))
                .findFirst()
                .ifPresent(name -> {
                    throw new UnsupportedOperationException(
                            "the local EventBridge does not implement PutEvents' member " + name);
                });
        JsonNode entries = request.path("Entries");
        if (!entries.isArray() || entries.isEmpty() || entries.size() > MOST_ENTRIES) {
            throw new RefusedRequestException(
                    "Entries should be a list of 1 to %d entries".formatted(MOST_ENTRIES));
        }
        long size = 0;
        for (JsonNode entry : entries) {
            checkMembers(entry);
            size += size(entry);
        }
        if (size > LARGEST_REQUEST) {
            throw new RefusedRequestException(
                    "Total size of the entries in the request is over the limit: %d of %d bytes"
                            .formatted(size, LARGEST_REQUEST));
        }
        List<Map<String, Object>> results = new ArrayList<>();
        int failed = 0;
        for (JsonNode entry : entries) {
            Optional<Refused> refused = refused(entry);
            if (refused.isPresent()) {
                failed++;
                results.add(
                        Map.of(
                                "ErrorCode",
                                refused.get().code(),
                                "ErrorMessage",
                                refused.get().message()));
            } else {
                results.add(Map.of("EventId", accept(entry, resources)));
            }
        }
        return Json.toTree(Map.of("FailedEntryCount", failed, "Entries", results));
    }

    private static void checkMembers(JsonNode entry) {
        for (String name : entry.propertyNames()) {
            if (!MEMBERS.contains(name)) {
                throw new UnsupportedOperationException(
                        "the local EventBridge does not implement an entry's member " + name);
            }
        }
        String bus = entry.path("EventBusName").asString("default");
        if (!BUS_NAMES.contains(bus)) {
            throw new UnsupportedOperationException(
                    "there is only the default event bus here, not '%s'".formatted(bus));
        }
    }

    /** Source: EventBridge User Guide, "Calculating PutEvents event entry size". */
    private static long size(JsonNode entry) {
        long size = entry.path("Time").isMissingNode() ? 0 : 14;
        size += bytes(entry.path("Source")) + bytes(entry.path("DetailType"));
        size += bytes(entry.path("Detail"));
        for (JsonNode resource : entry.path("Resources")) {
            size += bytes(resource);
        }
        return size;
    }

    private static long bytes(JsonNode value) {
        return value.isString()
                ? value.stringValue().getBytes(StandardCharsets.UTF_8).length
                : Json.write(value).length;
    }

    private Optional<Refused> refused(JsonNode entry) {
        for (String required : List.of("Source", "DetailType", "Detail")) {
            JsonNode value = entry.path(required);
            if (value.isMissingNode() || value.isNull() || value.asString("x").isEmpty()) {
                return Optional.of(
                        new Refused(
                                "InvalidArgument",
                                "Parameter %s is not valid. Reason: %s is a required argument."
                                        .formatted(required, required)));
            }
        }
        if (entry.path("Source").asString("").startsWith("aws.")) {
            return Optional.of(
                    new Refused(
                            "NotAuthorizedForSourceException",
                            "Not authorized for the source: only AWS's own services send as aws.*"));
        }
        try {
            if (!detail(entry).isObject()) {
                return Optional.of(new Refused("MalformedDetail", "Detail is malformed."));
            }
            time(entry);
        } catch (MalformedJsonException malformed) {
            return Optional.of(new Refused("MalformedDetail", "Detail is malformed."));
        } catch (DateTimeParseException | ArithmeticException malformed) {
            return Optional.of(
                    new Refused("InvalidArgument", "Parameter Time is not valid: " + malformed));
        }
        return Optional.empty();
    }

    private static JsonNode detail(JsonNode entry) {
        JsonNode detail = entry.path("Detail");
        return detail.isString()
                ? Json.tree("Detail", detail.stringValue().getBytes(StandardCharsets.UTF_8))
                : detail;
    }

    /** Seconds of the epoch in AWS's JSON, ISO-8601 in the state machine's. */
    private Instant time(JsonNode entry) {
        JsonNode time = entry.path("Time");
        if (time.isNumber()) {
            return Instant.ofEpochMilli(
                    time.decimalValue().multiply(BigDecimal.valueOf(1_000)).longValue());
        }
        return time.isString() ? Instant.parse(time.stringValue()) : clock.instant();
    }

    private String accept(JsonNode entry, List<String> more) {
        List<String> resources = new ArrayList<>();
        entry.path("Resources").forEach(each -> resources.add(each.asString("")));
        resources.addAll(more);
        return accept(
                entry.path("Source").asString(""),
                entry.path("DetailType").asString(""),
                time(entry),
                resources,
                detail(entry));
    }

    /**
     * Takes an event of an AWS service that nobody keeps unless a rule asks for it, as there are so
     * many of its kind.
     */
    public void acceptIfWanted(
            String source,
            String detailType,
            Instant time,
            List<String> resources,
            JsonNode detail) {
        Map<String, Object> probe = new LinkedHashMap<>();
        probe.put("detail-type", detailType);
        probe.put("source", source);
        probe.put("resources", resources);
        probe.put("detail", detail);
        if (!matching(Json.write(probe)).isEmpty()) {
            accept(source, detailType, time, resources, detail);
        }
    }

    /**
     * Takes an event that needs no check: of an AWS service, or of the factory's own.
     *
     * @return its id
     */
    public String accept(
            String source,
            String detailType,
            Instant time,
            List<String> resources,
            JsonNode detail) {
        byte[] event;
        String id;
        synchronized (this) {
            id = freshId(source, detailType, time);
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("version", "0");
            members.put("id", id);
            members.put("detail-type", detailType);
            members.put("source", source);
            members.put("account", TemplateReader.ACCOUNT);
            members.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
            members.put("region", TemplateReader.REGION);
            members.put("resources", resources);
            members.put("detail", detail);
            JsonNode whole = Json.toTree(members);
            events.append(whole);
            event = Json.write(whole);
        }
        matching(event).forEach(rule -> targets.submit(rule.function(), event));
        return id;
    }

    /** The same in each replay of the same events, and new for each event. */
    private String freshId(String source, String detailType, Instant time) {
        return UUID.nameUUIDFromBytes(
                        "%d %s %s %s"
                                .formatted(sequence++, source, detailType, time)
                                .getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private List<RuleResource> matching(byte[] event) {
        try {
            return machine.rulesForJSONEvent(new String(event, StandardCharsets.UTF_8)).stream()
                    .distinct()
                    .map(rules::get)
                    .sorted(Comparator.comparing(RuleResource::name))
                    .toList();
        } catch (Exception broken) {
            throw new IllegalStateException("matching an event with the rules", broken);
        }
    }
}

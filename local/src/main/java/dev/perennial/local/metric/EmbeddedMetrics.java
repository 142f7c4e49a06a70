package dev.perennial.local.metric;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * CloudWatch's Embedded Metric Format: log lines that are JSON objects with a member {@code _aws}.
 * Source: CloudWatch User Guide, "Specification: Embedded metric format", schema of version 1.
 */
final class EmbeddedMetrics {
    private static final String ROOT = "\"_aws\"";

    /** CloudWatch Logs' limit for an event, in bytes of UTF-8, of which it counts 26 itself. */
    static final int LONGEST_LINE = 1_048_576 - 26;

    private static final int MOST_METRICS = 100;
    private static final int MOST_DIMENSIONS = 30;
    private static final int MOST_VALUES = 100;
    private static final int LONGEST_NAME = 1_024;
    private static final Set<String> UNITS =
            Set.of(
                    "Seconds",
                    "Microseconds",
                    "Milliseconds",
                    "Bytes",
                    "Kilobytes",
                    "Megabytes",
                    "Gigabytes",
                    "Terabytes",
                    "Bits",
                    "Kilobits",
                    "Megabits",
                    "Gigabits",
                    "Terabits",
                    "Percent",
                    "Count",
                    "Bytes/Second",
                    "Kilobytes/Second",
                    "Megabytes/Second",
                    "Gigabytes/Second",
                    "Terabytes/Second",
                    "Bits/Second",
                    "Kilobits/Second",
                    "Megabits/Second",
                    "Gigabits/Second",
                    "Terabits/Second",
                    "Count/Second",
                    "None");

    private EmbeddedMetrics() {}

    /** What a line says, and what of it CloudWatch would drop. */
    record Reading(List<Datum> data, List<String> problems) {
        static final Reading NOTHING = new Reading(List.of(), List.of());
    }

    /** Reads a log line; a line that isn't in the format says nothing. */
    static Reading read(String line) {
        if (!line.startsWith("{") || !line.contains(ROOT)) {
            return Reading.NOTHING;
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_LINE) {
            return refused(
                    "the line has %d bytes, more than %d".formatted(bytes.length, LONGEST_LINE));
        }
        try {
            JsonNode root = Json.tree("a line with _aws", bytes);
            return root.path("_aws").isObject() ? new Document(root).read() : Reading.NOTHING;
        } catch (MalformedJsonException malformed) {
            return refused(String.valueOf(malformed.getMessage()));
        }
    }

    private static Reading refused(String why) {
        return new Reading(List.of(), List.of(why));
    }

    /** One line's document. */
    private static final class Document {
        private final JsonNode root;
        private final List<Datum> data = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        Document(JsonNode root) {
            this.root = root;
        }

        Reading read() {
            JsonNode timestamp = root.path("_aws").path("Timestamp");
            JsonNode directives = root.path("_aws").path("CloudWatchMetrics");
            if (!timestamp.isIntegralNumber() || !timestamp.canConvertToLong()) {
                return refused("_aws.Timestamp should be milliseconds of the epoch");
            }
            if (!directives.isArray()) {
                return refused("_aws.CloudWatchMetrics should be a list");
            }
            Instant at = Instant.ofEpochMilli(timestamp.longValue());
            directives.forEach(directive -> read(directive, at));
            return new Reading(data, problems);
        }

        private void read(JsonNode directive, Instant at) {
            String namespace = directive.path("Namespace").asString("");
            JsonNode metrics = directive.path("Metrics");
            JsonNode sets = directive.path("Dimensions");
            if (namespace.isEmpty() || namespace.length() > LONGEST_NAME) {
                problems.add("a Namespace should have 1 to %d characters".formatted(LONGEST_NAME));
            } else if (!metrics.isArray() || metrics.size() > MOST_METRICS) {
                problems.add(
                        "Metrics of %s should be a list of at most %d"
                                .formatted(namespace, MOST_METRICS));
            } else if (!sets.isArray()) {
                problems.add("Dimensions of %s should be a list of lists".formatted(namespace));
            } else {
                for (JsonNode set : sets) {
                    dimensions(set)
                            .ifPresent(dimensions ->
                                    metrics.forEach(
                                            metric -> read(namespace, dimensions, metric, at)));
                }
            }
        }

        private Optional<Map<String, String>> dimensions(JsonNode set) {
            if (!set.isArray() || set.size() > MOST_DIMENSIONS) {
                problems.add(
                        "a dimension set should be a list of at most %d names"
                                .formatted(MOST_DIMENSIONS));
                return Optional.empty();
            }
            Map<String, String> dimensions = new LinkedHashMap<>();
            for (JsonNode name : set) {
                JsonNode value = root.path(name.asString(""));
                if (!value.isString()
                        || value.stringValue().isBlank()
                        || value.stringValue().length() > LONGEST_NAME) {
                    problems.add(
                            "the dimension %s should be a member that is a text of 1 to %d characters"
                                    .formatted(name, LONGEST_NAME));
                    return Optional.empty();
                }
                dimensions.put(name.asString(""), value.stringValue());
            }
            return Optional.of(dimensions);
        }

        private void read(
                String namespace, Map<String, String> dimensions, JsonNode metric, Instant at) {
            String name = metric.path("Name").asString("");
            String unit = metric.path("Unit").asString("None");
            if (name.isEmpty() || name.length() > LONGEST_NAME) {
                problems.add("a metric of %s has no name".formatted(namespace));
            } else if (!UNITS.contains(unit)) {
                problems.add("%s has the unknown unit %s".formatted(name, unit));
            } else if (metric.path("StorageResolution").asInt(60) != 60) {
                problems.add(
                        "%s has a StorageResolution below 60, which the local cloud does not support"
                                .formatted(name));
            } else {
                values(name)
                        .ifPresent(values ->
                                data.add(
                                        new Datum(
                                                new Metric(namespace, name, dimensions),
                                                at,
                                                unit,
                                                values)));
            }
        }

        private Optional<Statistics> values(String name) {
            JsonNode given = root.path(name);
            Statistics values = null;
            if (given.isNumber()) {
                values = Statistics.of(given.doubleValue());
            } else if (given.isArray() && !given.isEmpty() && given.size() <= MOST_VALUES) {
                for (JsonNode each : given) {
                    if (!each.isNumber()) {
                        values = null;
                        break;
                    }
                    Statistics one = Statistics.of(each.doubleValue());
                    values = values == null ? one : values.and(one);
                }
            }
            if (values == null) {
                problems.add(
                        "%s should be a member that is a number or a list of 1 to %d numbers"
                                .formatted(name, MOST_VALUES));
            }
            return Optional.ofNullable(values);
        }
    }
}

package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;

/**
 * What the template's dashboard and alarms look at is there: a graph of a metric that nobody
 * publishes is empty, and its alarm never goes off.
 */
class DashboardTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern NAME = Pattern.compile("\"([A-Z][A-Za-z]+)\"");
    private static final Pattern SEARCHED = Pattern.compile("MetricName=\"(\\w+)\"");

    /** What a dimension's value has to be a resource of. */
    private static final Map<String, String> OWNERS =
            Map.of(
                    "FunctionName", "AWS::Serverless::Function",
                    "QueueName", "AWS::SQS::Queue",
                    "StateMachineArn", "AWS::Serverless::StateMachine");

    private final Map<String, Node> resources;
    private final JsonNode dashboard;

    DashboardTest() throws IOException {
        Node template =
                new Compose(LoadSettings.builder().build())
                        .composeString(Files.readString(ROOT.resolve("template.yaml")))
                        .orElseThrow();
        resources = members(member(template, "Resources"));
        String body =
                text(member(member(resources.get("Dashboard"), "Properties"), "DashboardBody"));
        dashboard = Json.tree("DashboardBody", body.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Node> members(@Nullable Node mapping) {
        Map<String, Node> members = new LinkedHashMap<>();
        for (NodeTuple each : ((MappingNode) mapping).getValue()) {
            members.put(text(each.getKeyNode()), each.getValueNode());
        }
        return members;
    }

    private static @Nullable Node member(@Nullable Node mapping, String name) {
        return members(mapping).get(name);
    }

    private static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private String type(String logicalId) {
        Node resource = resources.get(logicalId);
        assertNotNull(resource, () -> "no resource " + logicalId);
        return text(member(resource, "Type"));
    }

    private List<JsonNode> metrics() {
        List<JsonNode> metrics = new ArrayList<>();
        dashboard
                .get("widgets")
                .forEach(widget -> widget.at("/properties/metrics").forEach(metrics::add));
        return metrics;
    }

    /** Words in capitals of the classes that name metrics: directly, or to Failures. */
    private static Set<String> published() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("functions"))) {
            for (Path file :
                    files.filter(each -> each.toString().contains("/src/main/java/"))
                            .filter(each -> each.toString().endsWith(".java"))
                            .toList()) {
                String source = Files.readString(file);
                if (source.contains("EmbeddedMetrics metrics")
                        || source.contains("Failures failures")) {
                    NAME.matcher(source).results().forEach(found -> names.add(found.group(1)));
                }
            }
        }
        return names;
    }

    @Test
    void everyMetricOfOurs_isPublished() throws IOException {
        Set<String> published = published();
        List<String> missing = new ArrayList<>();
        for (JsonNode metric : metrics()) {
            Matcher searched = SEARCHED.matcher(metric.at("/0/expression").asString(""));
            if (searched.find()) {
                missing.add(searched.group(1));
            } else if (metric.get(0).asString("").equals("Perennial")) {
                missing.add(metric.get(1).stringValue());
                assertEquals("pipeline", metric.get(2).stringValue(), metric::toString);
            }
        }
        resources.forEach((id, resource) -> {
            if (type(id).equals("AWS::CloudWatch::Alarm")) {
                Map<String, Node> properties = members(member(resource, "Properties"));
                String namespace = text(properties.get("Namespace"));
                assertTrue(
                        Set.of("Perennial", "AWS/SQS", "AWS/Lambda", "AWS/States")
                                .contains(namespace),
                        id);
                if (namespace.equals("Perennial")) {
                    missing.add(text(properties.get("MetricName")));
                }
            }
        });
        assertTrue(missing.size() > 10, missing::toString);

        missing.removeAll(published);

        assertEquals(List.of(), missing);
    }

    @Test
    void everyMetricOfAws_isOfAResourceOfThisTemplate() {
        for (JsonNode metric : metrics()) {
            String namespace = metric.get(0).asString("Perennial");
            if (!namespace.equals("Perennial")) {
                assertTrue(namespace.startsWith("AWS/"), metric::toString);
                Matcher owner = PLACEHOLDER.matcher(metric.get(3).stringValue());
                assertTrue(owner.matches(), metric::toString);
                assertEquals(
                        OWNERS.get(metric.get(2).stringValue()),
                        type(owner.group(1).replaceFirst("\\..*", "")),
                        metric::toString);
            }
        }
    }

    @Test
    void everyAlarm_isShown() {
        Set<String> shown = new TreeSet<>();
        for (JsonNode widget : dashboard.get("widgets")) {
            widget.at("/properties/alarms")
                    .forEach(arn -> shown.add(arn.stringValue().replaceAll("[${}]|\\.Arn", "")));
        }

        Set<String> declared = new TreeSet<>(resources.keySet());
        declared.removeIf(id -> !type(id).equals("AWS::CloudWatch::Alarm"));

        assertEquals(declared, shown);
    }

    /** Beyond 50 metrics, CloudWatch charges for the dashboard. */
    @Test
    void metrics_areFewEnoughToCostNothing() {
        assertTrue(metrics().size() <= 50, () -> metrics().size() + " metrics");
    }

    @Test
    void widgets_fitTheGrid_andDontOverlap() {
        Set<String> taken = new TreeSet<>();
        for (JsonNode widget : dashboard.get("widgets")) {
            int right = widget.get("x").intValue() + widget.get("width").intValue();
            int bottom = widget.get("y").intValue() + widget.get("height").intValue();
            assertTrue(right <= 24, widget::toString);
            for (int x = widget.get("x").intValue(); x < right; x++) {
                for (int y = widget.get("y").intValue(); y < bottom; y++) {
                    assertTrue(taken.add(x + "/" + y), widget::toString);
                }
            }
        }
    }
}

package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.json.Json;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.permission.Statement;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Runs after all other integration tests, and asks whether they needed everything that the template
 * allows. Calls that it doesn't allow have failed there, as they would on AWS.
 */
class UnusedPermissionsIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Path USES = Path.of(System.getProperty("perennial.permissions"));

    /** Step Functions itself does this with the state machine's role; no server here is asked. */
    private static final String LOG_DELIVERY = "TrainingStateMachine logs:";

    /** What no run of the tests needs, and why it is allowed nevertheless. */
    private static final Map<String, String> KEPT =
            Map.ofEntries(
                    Map.entry(
                            "CaptureFunction s3:GetObject",
                            "a batch that is stored again is compared with what is there"),
                    Map.entry(
                            "RegisterFunction s3:GetObject on models/",
                            "so is what a step that is tried again has registered"),
                    Map.entry(
                            "PredictFunction s3:GetObject on live/",
                            "so is what was put into the bucket without an answer, and is put again"),
                    Map.entry(
                            "IngestFunction s3:GetObject on quarantine/",
                            "so is a file that is put aside again"),
                    Map.entry(
                            "IngestFunction s3:GetObjectVersion",
                            "S3 names the version that arrived; the local one keeps none"),
                    Map.entry(
                            "IngestFunction s3:PutObject on store/",
                            "an index is written with the hundredth batch of a view"),
                    Map.entry(
                            "FeedbackFunction s3:ListBucket",
                            "tells a spec that is missing from one that is forbidden"),
                    Map.entry(
                            "MonitorFunction dynamodb:DeleteItem",
                            "closes what a run asked that was stopped or timed out"));

    @Test
    void everyPermission_isNeededBySomeTest() throws IOException {
        Set<Permissions.Use> used = new HashSet<>();
        for (String line : Files.readAllLines(USES)) {
            used.add(
                    Json.read("use", line.getBytes(StandardCharsets.UTF_8), Permissions.Use.class));
        }
        Stack stack = TemplateReader.read(ROOT.resolve("template.yaml"), Map.of());
        Set<String> unused = new TreeSet<>();
        stack.policies()
                .forEach((member, statements) ->
                        statements.forEach(each -> collect(member, each, used, unused)));

        unused.removeIf(each -> each.startsWith(LOG_DELIVERY));

        assertEquals(new TreeSet<>(KEPT.keySet()), unused);
    }

    /** By their places, not their texts: the tests' pipelines have other names. */
    private static void collect(
            String member, Statement statement, Set<Permissions.Use> used, Set<String> unused) {
        for (String action : statement.actions()) {
            List<Integer> places =
                    used.stream()
                            .filter(use -> use.member().equals(member))
                            .filter(use -> use.where().equals(statement.where()))
                            .filter(use -> use.action().equals(action))
                            .map(Permissions.Use::resource)
                            .toList();
            if (places.isEmpty()) {
                unused.add(member + " " + action);
                continue;
            }
            for (int place = 0; place < statement.resources().size(); place++) {
                if (!places.contains(place)) {
                    unused.add(
                            "%s %s on %s"
                                    .formatted(
                                            member,
                                            action,
                                            statement
                                                    .resources()
                                                    .get(place)
                                                    .replaceFirst(
                                                            "^arn:aws:s3:::[^/]*/([^/]*/).*",
                                                            "$1")));
                }
            }
        }
    }
}

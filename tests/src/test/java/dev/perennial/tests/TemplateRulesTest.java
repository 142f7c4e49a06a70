package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.schedule.Recurrence;
import dev.perennial.local.template.EventResources;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Rules that no linter knows, for what the template and the state machine say together. */
class TemplateRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{(\\w+)}");

    private final Stack stack = TemplateReader.read(ROOT.resolve("template.yaml"), Map.of());
    private final String template = Files.readString(ROOT.resolve("template.yaml"));
    private final String definition =
            Files.readString(ROOT.resolve("statemachine/training.asl.json"));
    private final JsonNode machine =
            Json.tree("the definition", definition.getBytes(StandardCharsets.UTF_8));
    private final Map<String, JsonNode> tasks = new HashMap<>();

    TemplateRulesTest() throws IOException {
        collect(machine);
    }

    /** Tasks of the definition and of the states within its states. */
    private void collect(JsonNode machine) {
        machine.path("States")
                .propertyStream()
                .forEach(state -> {
                    if (state.getValue().path("Type").asString("").equals("Task")) {
                        tasks.put(state.getKey(), state.getValue());
                    }
                    collect(state.getValue().path("ItemProcessor"));
                    state.getValue().path("Branches").forEach(this::collect);
                });
    }

    private List<JsonNode> tasksOf(FunctionResource function) {
        return tasks.values().stream()
                .filter(task ->
                        task.path("Arguments")
                                .path("FunctionName")
                                .asString("")
                                .equals("${%sArn}".formatted(function.logicalId())))
                .toList();
    }

    /** Else Step Functions gives up first, and why the function was slow stands nowhere. */
    @Test
    void functionsTimeOut_beforeTheirTasks() {
        int found = 0;
        for (FunctionResource function : stack.functions()) {
            for (JsonNode task : tasksOf(function)) {
                if (task.path("TimeoutSeconds").isString()) {
                    continue; // waits for a person, as long as the spec says
                }
                found++;
                assertTrue(
                        task.path("TimeoutSeconds").asInt(0) > function.timeout().toSeconds(),
                        () -> function.logicalId() + " " + task.path("TimeoutSeconds"));
            }
        }
        assertTrue(found >= 9, found + " tasks call functions");
    }

    @Test
    void everyTask_hasATimeOut_andRetriesOrCatches() {
        tasks.forEach((name, task) -> {
            assertTrue(task.has("TimeoutSeconds"), name);
            assertTrue(task.has("Retry") || task.has("Catch"), name);
        });
    }

    /** In the state machine, at its caller, in a queue, or as an alarm. */
    @Test
    void everyFunctionsFailure_isHeardOf() {
        EventResources events = stack.events();
        for (FunctionResource function : stack.functions()) {
            boolean caught =
                    !tasksOf(function).isEmpty()
                            && tasksOf(function).stream().allMatch(task -> task.has("Catch"));
            boolean queued =
                    events.queueSources().stream()
                            .filter(source -> source.function().equals(function.arn()))
                            .anyMatch(source ->
                                    events.queues().stream()
                                            .filter(queue -> queue.arn().equals(source.queue()))
                                            .anyMatch(queue -> queue.redrive().isPresent()));
            boolean kept =
                    events.asynchronous().stream()
                            .filter(policy -> policy.function().equals(function.arn()))
                            .anyMatch(policy -> policy.onFailure().isPresent());
            boolean alarmed =
                    template.contains(
                            "Dimensions: [{Name: FunctionName, Value: !Ref %s}]"
                                    .formatted(function.logicalId()));
            boolean map = isCaughtByItsMap(function);
            assertTrue(
                    caught || map || queued || kept || alarmed || function.hasUrl(),
                    function.logicalId());
        }
    }

    private boolean isCaughtByItsMap(FunctionResource function) {
        return machine.path("States")
                .valueStream()
                .filter(state -> state.path("Type").asString("").equals("Map"))
                .filter(map -> map.toString().contains("${%sArn}".formatted(function.logicalId())))
                .anyMatch(map -> map.has("Catch"));
    }

    @Test
    void everySubstitution_isGivenAndUsed() {
        Set<String> used = new TreeSet<>();
        SUBSTITUTION.matcher(definition).results().forEach(each -> used.add(each.group(1)));

        assertEquals(
                used, new TreeSet<>(stack.stateMachines().getFirst().substitutions().keySet()));
    }

    /** A run that has begun keeps its code, whatever is deployed meanwhile. */
    @Test
    void executions_nameTheVersionsOfFunctions_andCallersTheAlias() {
        Map<String, String> substitutions = stack.stateMachines().getFirst().substitutions();
        for (FunctionResource function : stack.functions()) {
            assertEquals(Optional.of("live"), function.alias(), function.logicalId());
            String given = substitutions.get(function.logicalId() + "Arn");
            if (given != null) {
                assertEquals(function.arn() + ":1", given);
            }
        }
        assertEquals(
                stack.stateMachines().getFirst().arn() + ":live",
                stack.functions().stream()
                        .filter(each -> each.logicalId().equals("TriggerFunction"))
                        .findFirst()
                        .orElseThrow()
                        .environment()
                        .get("STATE_MACHINE_ARN"));
    }

    /** Lambda takes it with 512 MB of temporary files at most; it helps whoever is waited for. */
    @Test
    void everyFunctionThatMay_isKeptPrimed() {
        for (FunctionResource function : stack.functions()) {
            assertEquals(
                    function.ephemeralMegabytes() <= 512,
                    function.isSnapshotted(),
                    function.logicalId());
        }
    }

    /** By logical id, who may do something to something. */
    private Set<String> who(String action, String resource) {
        Set<String> found = new TreeSet<>();
        stack.policies()
                .forEach((member, statements) ->
                        statements.stream()
                                .filter(each -> each.actions().contains(action))
                                .filter(each ->
                                        each.resources().stream()
                                                .anyMatch(arn -> arn.contains(resource)))
                                .forEach(_ -> found.add(member)));
        return found;
    }

    /** SECURITY.md says what a function's stolen role could do; this is what it couldn't. */
    @Test
    void aStolenRole_reachesNoFurtherThanItsFunction() {
        assertEquals(Set.of("RegisterFunction"), who("s3:PutObject", "/models/"));
        assertEquals(Set.of("RetrieveFunction"), who("s3:PutObject", "/snapshots/"));
        assertEquals(Set.of(), who("s3:PutObject", "/pipelines/"));
        assertEquals(Set.of("IngestFunction"), who("s3:PutObject", "/store/"));
        assertEquals(Set.of("IngestFunction"), who("s3:DeleteObject", ""));
        assertEquals(Set.of(), who("s3:DeleteObject", "/store/"));
        assertEquals(Set.of(), who("s3:PutObject", "view.yaml"));
        assertEquals(Set.of("IngestFunction"), who("dynamodb:PutItem", "FeatureTable"));
        assertEquals(Set.of("TriggerFunction"), who("states:StartExecution", ""));
        assertEquals(Set.of("TrainingStateMachine"), who("lambda:InvokeFunction", ""));
        for (String member : List.of("TrainFunction", "PrepareFunction", "FeedbackFunction")) {
            assertTrue(
                    stack.policies().get(member).stream()
                            .flatMap(each -> each.actions().stream())
                            .noneMatch(action -> action.startsWith("dynamodb:")),
                    member + " knows no registry");
        }
        for (String member : List.of("PredictFunction", "ValidateFunction", "EvaluateFunction")) {
            assertTrue(
                    stack.policies().get(member).stream()
                            .flatMap(each -> each.actions().stream())
                            .filter(action -> action.startsWith("dynamodb:"))
                            .allMatch(action ->
                                    Set.of(
                                                    "dynamodb:GetItem",
                                                    "dynamodb:Query",
                                                    "dynamodb:BatchGetItem")
                                            .contains(action)),
                    member + " only reads the registry and features");
        }
    }

    @Test
    void whoCallsAUrl_signs_andNobodyComesInClearText() {
        Matcher urls = Pattern.compile("FunctionUrlConfig: (.*)").matcher(template);
        int found = 0;
        while (urls.find()) {
            found++;
            assertEquals("{AuthType: AWS_IAM}", urls.group(1));
        }
        assertEquals(2, found);
        assertEquals(
                3,
                Pattern.compile("aws:SecureTransport': 'false'")
                        .matcher(template)
                        .results()
                        .count(),
                "bucket, topic and queues");
    }

    /** Also where clocks change on a Sunday at two. */
    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"})
    void trainingSchedule_isOnSundaysAtTwo(String zone) {
        String expression =
                stack.events().schedules().stream()
                        .filter(each -> each.function().endsWith("TriggerFunction"))
                        .findFirst()
                        .orElseThrow()
                        .expression();
        Recurrence sundays = Recurrence.parse(expression, ZoneId.of(zone));
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        List<ZonedDateTime> found = new ArrayList<>();
        for (int week = 0; week < 52; week++) {
            at = sundays.next(Instant.EPOCH, at).orElseThrow();
            found.add(at.atZone(ZoneId.of(zone)));
        }

        assertTrue(
                found.stream().allMatch(each -> each.getDayOfWeek() == DayOfWeek.SUNDAY),
                found::toString);
        assertTrue(
                found.stream().filter(each -> each.getHour() != 2).count() <= 1,
                "at two, or at three where there is no two: " + found);
        assertEquals(52, found.stream().map(ZonedDateTime::toLocalDate).distinct().count());
    }

    /** What the options add; without them the template is as the other tests see it. */
    @Test
    void keyOfOnesOwn_maybeUsedByAll_andAMailAddressAddsASubscription() {
        String key = "arn:aws:kms:us-east-1:000000000000:key/1";
        Stack optional =
                TemplateReader.read(
                        ROOT.resolve("template.yaml"),
                        Map.of("KmsKeyArn", key, "NotificationEmail", "ops@example.com"));

        optional.policies()
                .forEach((member, statements) -> {
                    boolean mayUse =
                            statements.stream()
                                    .anyMatch(each ->
                                            each.actions().contains("kms:Decrypt")
                                                    && each.resources().equals(List.of(key)));
                    assertTrue(mayUse, member);
                });
        assertTrue(
                optional.notEnforced().stream().anyMatch(each -> each.startsWith("Subscription ")));
        assertTrue(
                stack.notEnforced().stream().noneMatch(each -> each.startsWith("Subscription ")));
    }

    /** Whoever may do something to everything has a reason beside it. */
    @Test
    void everyStarAsAResource_hasAReason() {
        List<String> lines = template.lines().toList();
        int found = 0;
        for (int line = 0; line < lines.size(); line++) {
            if (!lines.get(line).matches(" *Resource: '\\*'.*")) {
                continue;
            }
            found++;
            int at = line;
            while (!lines.get(at).matches(" *- (Effect|Sid): .*")) {
                at--;
            }
            boolean reason =
                    lines.get(line).contains("#") || lines.get(at - 1).strip().startsWith("#");
            assertTrue(reason, "line %d of template.yaml".formatted(line + 1));
        }
        assertTrue(found > 0);
    }

    @Test
    void everyLogGroup_forgets_andEveryFunctionLogsToOne() {
        Matcher groups = Pattern.compile("Type: AWS::Logs::LogGroup").matcher(template);
        long retained =
                template.lines().filter(line -> line.contains("RetentionInDays: !Ref")).count();

        assertEquals(groups.results().count(), retained);
        assertTrue(template.contains("LoggingConfig: {LogGroup: !Ref Logs}"));
    }
}

package dev.perennial.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.json.Json;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.lambda.FunctionZip;
import dev.perennial.local.lambda.Functions;
import dev.perennial.local.lambda.LambdaService;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.states.TaskCall;
import dev.perennial.local.states.TaskFailedException;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What can't be done has Lambda's names, so that a state machine's Retry and Catch see it. */
class StackTasksTest {
    private static final Credentials OWNER = Credentials.random();
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:perennial-Topic";

    @TempDir Path folder;

    private Functions lambda;
    private EventBus bus;
    private StackTasks tasks;

    @BeforeEach
    void open() throws IOException {
        Path zip = FunctionZip.build(folder, "Mumbling", "", "write(out, \"no JSON\");");
        lambda =
                new LambdaService(
                        new Stack(
                                List.of(
                                        function("Unbuilt", folder.resolve("unbuilt.zip")),
                                        function("Mumbling", zip)),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of()),
                        folder.resolve("cache"),
                        folder.resolve("logs"),
                        _ -> Map.of(),
                        1);
        bus =
                EventBus.withoutRules(
                        folder.resolve("events.jsonl"), new SimulatedClock(Instant.EPOCH));
        tasks =
                new StackTasks(
                        lambda,
                        Permissions.ofOwner(OWNER),
                        OWNER,
                        URI.create("http://127.0.0.1:1/"),
                        Set.of(TOPIC),
                        folder.resolve("notifications.jsonl"),
                        () -> bus);
    }

    private static FunctionResource function(String name, Path zip) {
        return new FunctionResource(
                name,
                zip,
                "demo." + name + "::handleRequest",
                "java25",
                256,
                Duration.ofSeconds(20),
                512,
                Map.of(),
                Optional.empty(),
                false,
                false);
    }

    @AfterEach
    void close() {
        lambda.close();
    }

    private static TaskCall call(String resource, Map<String, String> arguments) {
        return new TaskCall(
                "arn:aws:states:::" + resource, Json.toTree(arguments), "arn", "Train", 0);
    }

    private String errorOf(String function, String payload) {
        return errorOf(call("lambda:invoke", Map.of("FunctionName", function, "Payload", payload)));
    }

    private String errorOf(TaskCall call) {
        return assertThrows(TaskFailedException.class, () -> tasks.run(call)).error();
    }

    private static TaskCall publish(String topic, String subject, String message) {
        return call(
                "sns:publish", Map.of("TopicArn", topic, "Subject", subject, "Message", message));
    }

    @Test
    void functionThatNobodyDeclared_isNotFound() {
        assertEquals("Lambda.ResourceNotFoundException", errorOf("Nobody", ""));
    }

    @Test
    void functionThatCantBeStarted_isLambdasFault() {
        assertEquals("Lambda.Unknown", errorOf("Unbuilt", ""));
    }

    @Test
    void eventBeyondLambdasLimit_isTooLarge() {
        assertEquals(
                "Lambda.RequestEntityTooLargeException",
                errorOf("Unbuilt", "x".repeat(Functions.MAX_EVENT)));
    }

    @Test
    void answerThatIsNoJson_isUnknown() {
        assertEquals("Lambda.Unknown", errorOf("Mumbling", ""));
    }

    @Test
    void argumentThatWouldBePassedOver_isRefusedByName() {
        TaskCall event =
                call(
                        "lambda:invoke",
                        Map.of("FunctionName", "Mumbling", "InvocationType", "Event"));

        String refusal =
                assertThrows(UnsupportedOperationException.class, () -> tasks.run(event))
                        .getMessage();

        assertEquals(
                "the local cloud does not implement the argument InvocationType of"
                        + " arn:aws:states:::lambda:invoke; it knows [FunctionName, Payload]",
                refusal);
    }

    @Test
    void message_isHeldToWhatSnsTakes() throws InterruptedException, IOException {
        assertEquals("Sns.NotFoundException", errorOf(publish(TOPIC + "s", "subject", "hello")));
        assertEquals(
                "Sns.InvalidParameterException", errorOf(publish(TOPIC, "s".repeat(101), "hello")));
        assertEquals(
                "Sns.InvalidParameterException", errorOf(publish(TOPIC, "two\nlines", "hello")));
        assertEquals("Sns.InvalidParameterException", errorOf(publish(TOPIC, "subject", "")));

        tasks.run(publish(TOPIC, "s".repeat(100), "hello"));

        assertEquals(1, Files.readAllLines(folder.resolve("notifications.jsonl")).size());
    }

    private static TaskCall putEvents(Object... entries) {
        return new TaskCall(
                "arn:aws:states:::events:putEvents",
                Json.toTree(Map.of("Entries", List.of(entries))),
                "arn:aws:states:us-east-1:000000000000:execution:training:run-1",
                "Announce end",
                0);
    }

    private static Map<String, Object> entry(Object detail) {
        return Map.of(
                "Source", "perennial", "DetailType", "perennial.run.started", "Detail", detail);
    }

    @Test
    void event_isKept_withTheArnsOfExecutionAndMachine() throws InterruptedException, IOException {
        JsonNode answer = tasks.run(putEvents(entry(Map.of("run", "run-1"))));

        assertEquals(0, answer.get("FailedEntryCount").intValue());
        JsonNode event = Json.tree("event", Files.readAllBytes(folder.resolve("events.jsonl")));
        assertEquals(answer.at("/Entries/0/EventId"), event.get("id"));
        assertEquals("run-1", event.at("/detail/run").stringValue());
        assertEquals(
                "[\"arn:aws:states:us-east-1:000000000000:execution:training:run-1\","
                        + "\"arn:aws:states:us-east-1:000000000000:stateMachine:training\"]",
                event.get("resources").toString());
    }

    @Test
    void entryThatIsNotTaken_failsTheTask_thoughTheOthersAreTaken() throws IOException {
        TaskCall call = putEvents(entry(Map.of()), entry("no JSON"), Map.of("Source", "perennial"));

        TaskFailedException failed = assertThrows(TaskFailedException.class, () -> tasks.run(call));

        assertEquals("EventBridge.FailedEntry", failed.error());
        JsonNode answer = Json.tree("cause", failed.causeText().getBytes(StandardCharsets.UTF_8));
        assertEquals(2, answer.get("FailedEntryCount").intValue());
        assertEquals("MalformedDetail", answer.at("/Entries/1/ErrorCode").stringValue());
        assertEquals("InvalidArgument", answer.at("/Entries/2/ErrorCode").stringValue());
        assertEquals(1, Files.readAllLines(folder.resolve("events.jsonl")).size());
    }

    @Test
    void elevenEvents_areRefusedAsAWhole() {
        Object[] eleven = Collections.nCopies(11, entry(Map.of())).toArray();

        assertEquals("EventBridge.ValidationException", errorOf(putEvents(eleven)));
        assertEquals("EventBridge.ValidationException", errorOf(putEvents()));
    }

    @Test
    void anotherBus_isRefusedByName_notPassedOver() {
        Map<String, Object> elsewhere = new HashMap<>(entry(Map.of()));
        elsewhere.put("EventBusName", "mine");

        assertThrows(UnsupportedOperationException.class, () -> tasks.run(putEvents(elsewhere)));
    }

    @Test
    void eventThatCantBeKept_isTheServicesFault() throws IOException {
        Files.createDirectory(folder.resolve("events.jsonl"));

        assertEquals("EventBridge.SdkClientException", errorOf(putEvents(entry(Map.of()))));
    }
}

package dev.perennial.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.json.Json;
import dev.perennial.local.lambda.FunctionZip;
import dev.perennial.local.lambda.Functions;
import dev.perennial.local.lambda.LambdaService;
import dev.perennial.local.states.TaskCall;
import dev.perennial.local.states.TaskFailedException;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be done has Lambda's names, so that a state machine's Retry and Catch see it. */
class StackTasksTest {
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:perennial-Topic";

    @TempDir Path folder;

    private Functions lambda;
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
                        Map.of(),
                        1);
        tasks =
                new StackTasks(
                        lambda,
                        URI.create("http://127.0.0.1:1/"),
                        "key",
                        Set.of(TOPIC),
                        folder.resolve("notifications.jsonl"));
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
}

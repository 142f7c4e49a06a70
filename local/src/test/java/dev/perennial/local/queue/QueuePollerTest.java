package dev.perennial.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.template.QueueResource;
import dev.perennial.local.template.QueueSource;
import dev.perennial.local.time.SimulatedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;

/** The real server and the real client; time is simulated, the function is this test's. */
class QueuePollerTest {
    private static final Instant START = Instant.parse("2024-05-01T12:00:00Z");
    private static final QueueResource DEAD = queue("Dead", Optional.empty());
    private static final QueueResource QUEUE =
            queue("Queue", Optional.of(new QueueResource.Redrive(DEAD.arn(), 3)));

    private static SimulatedClock clock;
    private static SqsServer sqs;

    @TempDir Path folder;
    private final List<JsonNode> events = new ArrayList<>();
    private Function<JsonNode, String> answer = _ -> "{}";

    private static QueueResource queue(String id, Optional<QueueResource.Redrive> redrive) {
        return new QueueResource(id, Duration.ofSeconds(60), Duration.ZERO, redrive);
    }

    @BeforeAll
    static void start(@TempDir Path queues) {
        clock = new SimulatedClock(START);
        sqs =
                SqsServer.start(
                        queues,
                        new Incidents(queues.resolve("incidents.jsonl"), clock),
                        Credentials.random(),
                        List.of(QUEUE, DEAD),
                        clock);
    }

    @AfterAll
    static void stop() {
        sqs.close();
    }

    @BeforeEach
    void empty() {
        sqs.client().purgeQueue(request -> request.queueUrl(QUEUE.url()));
        sqs.client().purgeQueue(request -> request.queueUrl(DEAD.url()));
    }

    private QueuePoller poller(int batchSize, boolean reportsFailures) {
        return new QueuePoller(
                new QueueSource(
                        "arn:f", QUEUE.arn(), batchSize, Duration.ofSeconds(1), reportsFailures),
                sqs,
                (_, event) -> {
                    JsonNode tree = Json.tree("event", event);
                    events.add(tree);
                    InvocationReport report = new InvocationReport("r", 1, 1, 0, 128, 0);
                    String said = answer.apply(tree);
                    byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
                    return said.equals("throw")
                            ? new Invocation.FunctionError("E", "broken", bytes, report)
                            : new Invocation.Returned(bytes, report);
                },
                new Incidents(folder.resolve("incidents.jsonl"), clock),
                clock);
    }

    private static void send(String... bodies) {
        for (String body : bodies) {
            sqs.send(QUEUE.arn(), body, Map.of());
        }
    }

    private List<String> bodies(int event) {
        return records(events.get(event)).map(record -> record.path("body").asString("")).toList();
    }

    private static java.util.stream.Stream<JsonNode> records(JsonNode event) {
        return IntStream.range(0, event.path("Records").size())
                .mapToObj(event.path("Records")::path);
    }

    private static String failing(JsonNode event, Set<String> bodies) {
        return new String(
                Json.write(
                        Map.of(
                                "batchItemFailures",
                                records(event)
                                        .filter(each ->
                                                bodies.contains(each.path("body").asString("")))
                                        .map(each ->
                                                Map.of(
                                                        "itemIdentifier",
                                                        each.path("messageId").asString("")))
                                        .toList())),
                StandardCharsets.UTF_8);
    }

    private static void pass(Duration time) {
        clock.advanceTo(clock.instant().plus(time));
    }

    @Test
    void queue_hasTheTemplatesAttributes() {
        Map<QueueAttributeName, String> attributes =
                sqs.client()
                        .getQueueAttributes(request ->
                                request.queueUrl(QUEUE.url())
                                        .attributeNames(QueueAttributeName.ALL))
                        .attributes();

        assertEquals("60", attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT));
        assertEquals(QUEUE.arn(), attributes.get(QueueAttributeName.QUEUE_ARN));
        assertTrue(attributes.get(QueueAttributeName.REDRIVE_POLICY).contains(DEAD.arn()));
    }

    @Test
    void event_isAsLambdaMakesIt() throws InterruptedException {
        sqs.client()
                .sendMessage(request ->
                        request.queueUrl(QUEUE.url())
                                .messageBody("{\"a\":1}")
                                .messageAttributes(
                                        Map.of(
                                                "kind",
                                                MessageAttributeValue.builder()
                                                        .dataType("String")
                                                        .stringValue("row")
                                                        .build())));

        poller(10, true).drain();

        JsonNode record = events.getFirst().path("Records").path(0);
        assertEquals("{\"a\":1}", record.path("body").asString(""));
        assertFalse(record.path("messageId").asString("").isEmpty());
        assertFalse(record.path("receiptHandle").asString("").isEmpty());
        assertEquals("1", record.path("attributes").path("ApproximateReceiveCount").asString(""));
        assertEquals(
                Long.toString(clock.millis()),
                record.path("attributes").path("SentTimestamp").asString(""));
        assertEquals(
                "row",
                record.path("messageAttributes").path("kind").path("stringValue").asString(""));
        assertEquals(
                "String",
                record.path("messageAttributes").path("kind").path("dataType").asString(""));
        assertEquals(32, record.path("md5OfBody").asString("").length());
        assertEquals("aws:sqs", record.path("eventSource").asString(""));
        assertEquals(
                "arn:aws:sqs:us-east-1:000000000000:perennial-Queue",
                record.path("eventSourceARN").asString(""));
        assertEquals("us-east-1", record.path("awsRegion").asString(""));
        assertEquals(0, sqs.messages(QUEUE.arn()));
    }

    @Test
    void batches_holdAtMostTheirSize_alsoAboveTen() throws InterruptedException {
        send(IntStream.range(0, 30).mapToObj("m%02d"::formatted).toArray(String[]::new));

        poller(25, true).drain();

        assertEquals(2, events.size());
        assertEquals(25, bodies(0).size());
        assertEquals(5, bodies(1).size());
        assertEquals(0, sqs.messages(QUEUE.arn()));
    }

    @Test
    void message_isThereOnceItsSenderIsAnswered_howeverOftenTheQueueWasEmpty()
            throws InterruptedException {
        QueuePoller poller = poller(10, true);

        for (int i = 0; i < 50; i++) {
            assertFalse(poller.drain());
            send("m" + i);
            assertTrue(poller.drain());
        }

        assertEquals(50, events.size());
    }

    @Test
    void failedMessages_comeAgainAfterTheVisibilityTimeout_theOthersDont()
            throws InterruptedException {
        send("good", "bad", "fine");
        QueuePoller poller = poller(10, true);
        answer = event -> failing(event, Set.of("bad"));
        poller.drain();
        assertEquals(Optional.of(clock.instant().plusSeconds(60)), poller.due());

        pass(Duration.ofSeconds(59));
        assertFalse(poller.drain());
        pass(Duration.ofSeconds(1));
        answer = _ -> "{}";
        assertTrue(poller.drain());

        assertEquals(List.of("bad"), bodies(1));
        assertEquals(
                "2",
                events.get(1)
                        .path("Records")
                        .path(0)
                        .path("attributes")
                        .path("ApproximateReceiveCount")
                        .asString(""));
        assertEquals(Optional.empty(), poller.due());
        assertEquals(0, sqs.messages(QUEUE.arn()));
    }

    @Test
    void functionError_andAnswerWithoutSense_keepTheWholeBatch() throws InterruptedException {
        send("a", "b");
        QueuePoller poller = poller(10, true);
        answer = _ -> "throw";
        poller.drain();
        assertEquals(2, sqs.messages(QUEUE.arn()));

        pass(Duration.ofSeconds(60));
        answer = _ -> "{\"batchItemFailures\":[{\"itemIdentifier\":\"unknown\"}]}";
        poller.drain();

        assertEquals(2, events.size());
        assertEquals(2, sqs.messages(QUEUE.arn()));
    }

    @Test
    void withoutReportedFailures_theAnswerIsNotRead() throws InterruptedException {
        send("a");
        answer = event -> failing(event, Set.of("a"));

        poller(10, false).drain();

        assertEquals(0, sqs.messages(QUEUE.arn()));
    }

    @Test
    void messageThatFailsTooOften_goesToTheDeadLetterQueue() throws InterruptedException {
        send("poison", "good");
        QueuePoller poller = poller(10, true);
        answer = event -> failing(event, Set.of("poison"));

        for (int i = 0; i < 5; i++) {
            poller.drain();
            pass(Duration.ofSeconds(60));
        }

        assertEquals(3, events.size());
        assertEquals(0, sqs.messages(QUEUE.arn()));
        assertEquals(
                "poison",
                sqs.client()
                        .receiveMessage(request -> request.queueUrl(DEAD.url()))
                        .messages()
                        .getFirst()
                        .body());
    }

    @Test
    void poll_gathersWithinTheWindow() throws InterruptedException {
        send("a", "b", "c");

        poller(100, true).poll(Duration.ofSeconds(1));

        assertEquals(1, events.size());
        assertEquals(3, bodies(0).size());
    }

    @Test
    void eventsBeyondLambdasLimit_areSplit() throws InterruptedException {
        String large = "x".repeat(250_000);
        for (int i = 0; i < 30; i++) {
            send(large);
        }

        poller(100, true).drain();

        assertEquals(2, events.size());
        assertEquals(30, bodies(0).size() + bodies(1).size());
    }
}

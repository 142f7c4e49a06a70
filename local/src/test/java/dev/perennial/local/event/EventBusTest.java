package dev.perennial.local.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.RuleResource;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import tools.jackson.databind.JsonNode;

class EventBusTest {
    private static final Instant NOW = Instant.parse("2024-05-01T12:00:00.123Z");

    @TempDir Path folder;
    private final List<String> calls = new ArrayList<>();
    private final List<JsonNode> events = new ArrayList<>();
    private AsynchronousInvocations functions;
    private EventBus bus;
    private EventBridgeServer server;
    private EventBridgeClient client;

    @BeforeEach
    void start() {
        SimulatedClock clock = new SimulatedClock(NOW);
        functions =
                new AsynchronousInvocations(
                        (arn, event) -> {
                            calls.add(arn);
                            events.add(Json.tree("event", event));
                            return new Invocation.Returned(
                                    "null".getBytes(StandardCharsets.UTF_8),
                                    new InvocationReport("r", 1, 1, 0, 128, 0));
                        },
                        List.of(),
                        (_, _, _) -> {},
                        new Incidents(folder.resolve("incidents.jsonl"), clock),
                        folder.resolve("pending"),
                        clock);
        bus =
                new EventBus(
                        List.of(
                                rule(
                                        "b-drift",
                                        "{\"source\":[\"app\"],\"detail\":{\"kind\":[\"drift\"]}}"),
                                rule("a-any", "{\"source\":[\"app\"]}"),
                                rule("large", "{\"detail\":{\"size\":[{\"numeric\":[\">=\",5]}]}}"),
                                rule("prefix", "{\"detail-type\":[{\"prefix\":\"Run \"}]}")),
                        functions::submit,
                        folder.resolve("events.jsonl"),
                        clock);
        server = EventBridgeServer.start(bus, Permissions.ofOwner(new Credentials("a", "b")));
        client =
                EventBridgeClient.builder()
                        .endpointOverride(server.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("a", "b")))
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static RuleResource rule(String name, String pattern) {
        return new RuleResource(name, pattern, "arn:" + name);
    }

    private static PutEventsRequestEntry entry(String source, String type, String detail) {
        return PutEventsRequestEntry.builder()
                .source(source)
                .detailType(type)
                .detail(detail)
                .build();
    }

    private void work() throws InterruptedException {
        while (functions.attempt()) {
            // until nothing is due
        }
    }

    private List<String> kept() throws IOException {
        return Files.readAllLines(folder.resolve("events.jsonl"));
    }

    @Test
    void eventsOfTheRealClient_reachTheFunctionsOfTheRulesThatMatch() throws Exception {
        PutEventsResponse response =
                client.putEvents(request ->
                        request.entries(
                                entry("app", "Seen", "{\"kind\":\"drift\"}"),
                                entry("app", "Run ended", "{\"kind\":\"x\",\"size\":5}"),
                                entry("else", "Seen", "{}")));
        work();

        assertEquals(0, response.failedEntryCount());
        assertEquals(
                List.of("arn:a-any", "arn:b-drift", "arn:a-any", "arn:large", "arn:prefix"), calls);
        JsonNode event = events.getFirst();
        assertEquals("0", event.path("version").asString(""));
        assertEquals(response.entries().getFirst().eventId(), event.path("id").asString(""));
        assertEquals("Seen", event.path("detail-type").asString(""));
        assertEquals("2024-05-01T12:00:00Z", event.path("time").asString(""));
        assertEquals("000000000000", event.path("account").asString(""));
        assertEquals("us-east-1", event.path("region").asString(""));
        assertEquals("drift", event.path("detail").path("kind").asString(""));
        assertEquals(3, kept().size());
        assertNotEquals(response.entries().get(0).eventId(), response.entries().get(1).eventId());
    }

    @Test
    void timeAndResources_areTheSenders() throws Exception {
        client.putEvents(request ->
                request.entries(
                        entry("app", "Seen", "{}").toBuilder()
                                .time(Instant.parse("2024-04-30T01:02:03.5Z"))
                                .resources("arn:x")
                                .build()));
        work();

        assertEquals("2024-04-30T01:02:03Z", events.getFirst().path("time").asString(""));
        assertEquals("arn:x", events.getFirst().path("resources").path(0).asString(""));
    }

    @Test
    void wrongEntries_failAlone() throws Exception {
        PutEventsResponse response =
                client.putEvents(request ->
                        request.entries(
                                entry("app", "Seen", "{\"kind\":"),
                                entry("app", "Seen", "[1]"),
                                entry("aws.s3", "Seen", "{}"),
                                PutEventsRequestEntry.builder().source("app").detail("{}").build(),
                                entry("app", "Seen", "{}")));

        assertEquals(4, response.failedEntryCount());
        assertEquals(
                List.of(
                        "MalformedDetail",
                        "MalformedDetail",
                        "NotAuthorizedForSourceException",
                        "InvalidArgument"),
                response.entries().stream().limit(4).map(each -> each.errorCode()).toList());
        assertFalse(response.entries().getLast().eventId().isEmpty());
        assertEquals(1, kept().size());
    }

    @Test
    void requestThatIsTooLarge_isRefusedAsAWhole() {
        String half = "{\"a\":\"%s\"}".formatted("x".repeat(131_072));

        assertTrue(
                assertThrows(
                                EventBridgeException.class,
                                () ->
                                        client.putEvents(request ->
                                                request.entries(
                                                        entry("app", "Seen", half),
                                                        entry("app", "Seen", half))))
                        .getMessage()
                        .contains("over the limit: 262174 of 262144 bytes"));
    }

    @Test
    void whatItDoesNotDo_isRefusedByName() {
        assertTrue(
                assertThrows(
                                EventBridgeException.class,
                                () ->
                                        client.putEvents(request ->
                                                request.entries(
                                                        entry("app", "Seen", "{}").toBuilder()
                                                                .eventBusName("mine")
                                                                .build())))
                        .getMessage()
                        .contains("only the default event bus here, not 'mine'"));
        assertTrue(
                assertThrows(EventBridgeException.class, () -> client.listRules(_ -> {}))
                        .getMessage()
                        .contains("implements PutEvents only, not 'AWSEvents.ListRules'"));
        assertThrows(
                EventBridgeException.class,
                () ->
                        client.putEvents(request ->
                                request.entries(
                                        java.util.Collections.nCopies(
                                                11, entry("app", "Seen", "{}")))));
    }

    @Test
    void stateMachinesRequest_mayHaveAnObjectForDetail() throws Exception {
        JsonNode response =
                bus.putEvents(
                        Json.tree(
                                "request",
                                """
                                {"Entries":[{"Source":"app","DetailType":"Seen","Detail":{"kind":"drift"},"Time":"2024-04-30T00:00:00Z"}]}\
                                """
                                        .getBytes(StandardCharsets.UTF_8)),
                        List.of("arn:execution"));
        work();

        assertEquals(0, response.path("FailedEntryCount").asInt());
        assertEquals(List.of("arn:a-any", "arn:b-drift"), calls);
        assertEquals("arn:execution", events.getFirst().path("resources").path(0).asString(""));
    }
}

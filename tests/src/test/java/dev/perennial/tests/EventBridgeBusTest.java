package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.EventBridgeBus;
import dev.perennial.core.json.Json;
import dev.perennial.core.trigger.EventNotSentException;
import dev.perennial.local.event.EventBridgeServer;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.time.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import tools.jackson.databind.JsonNode;

/** Events over EventBridge's protocol. */
class EventBridgeBusTest {
    private static final String TYPE = "perennial.drift.detected";

    @TempDir Path folder;
    private EventBridgeServer server;
    private EventBridgeClient client;
    private EventBridgeBus bus;

    @BeforeEach
    void start() {
        server =
                EventBridgeServer.start(
                        EventBus.withoutRules(
                                folder.resolve("events.jsonl"), new SimulatedClock(Instant.EPOCH)),
                        Permissions.ofOwner(new Credentials("a", "b")));
        client =
                EventBridgeClient.builder()
                        .endpointOverride(server.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("a", "b")))
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
        bus = new EventBridgeBus(client);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void event_isPerennials_withItsTypeAndDetail() throws IOException {
        bus.send(TYPE, Map.of("pipeline", "shop"));

        JsonNode event = Json.tree("event", Files.readAllBytes(folder.resolve("events.jsonl")));
        assertEquals("perennial", event.get("source").stringValue());
        assertEquals(TYPE, event.get("detail-type").stringValue());
        assertEquals("shop", event.at("/detail/pipeline").stringValue());
    }

    @Test
    void entryThatIsRefused_isAnError_thoughTheStatusIs200() {
        EventNotSentException refused =
                assertThrows(EventNotSentException.class, () -> bus.send(TYPE, "no object"));

        assertEquals(
                "the event bus didn't take " + TYPE + ": MalformedDetail: Detail is malformed.",
                refused.getMessage());
    }

    @Test
    void busThatIsGone_isAnError() {
        server.close();

        EventNotSentException gone =
                assertThrows(EventNotSentException.class, () -> bus.send(TYPE, Map.of()));

        assertTrue(
                gone.getMessage().startsWith("the event bus didn't take " + TYPE),
                gone::getMessage);
    }
}

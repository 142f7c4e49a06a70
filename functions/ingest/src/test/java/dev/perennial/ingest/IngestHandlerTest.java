package dev.perennial.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.core.feature.InMemoryOnlineStore;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class IngestHandlerTest {
    private static final Path EVENT =
            Path.of(System.getProperty("user.dir"), "../../events/ingest.json");
    private static final String KEY = "incoming/weather/1998-01-11.csv";
    private static final String ROWS = "at,region,warmth\n1998-01-11T00:00:00Z,north,21.5\n";
    private static final String VIEW =
            """
            name: weather
            key: [region]
            time: at
            columns: [{name: warmth, type: number}]
            """;

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final List<String> metrics = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final IngestHandler handler =
            new IngestHandler(
                    artifacts,
                    new Ingestion(
                            artifacts,
                            new InMemoryOnlineStore(),
                            new ArtifactInbox(artifacts),
                            () -> Instant.parse("2026-01-01T00:00:00Z")),
                    "electricity",
                    new EmbeddedMetrics(metrics::add),
                    problems::add,
                    () -> Instant.parse("2026-01-01T00:00:00Z"));

    private JsonNode send(String event) {
        return Json.tree(
                "answer",
                handler.apply(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8))));
    }

    private void declare(String yaml) {
        artifacts.place(Keys.view("weather"), yaml.getBytes(StandardCharsets.UTF_8));
    }

    private void arrive(String key, String content) {
        artifacts.place(key, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void s3sEvent_ingestsItsObject_andAgainSaysThatItIsGone() throws IOException {
        declare(VIEW);
        arrive(KEY, ROWS);
        String event = Files.readString(EVENT);

        JsonNode first = send(event);
        JsonNode again = send(event);

        assertEquals(1, first.path("rows").asInt());
        assertEquals("1998-01-11.csv", again.path("gone").path(0).asString(""));
        assertEquals(1, new OfflineStore(artifacts).batches("weather").size());
        assertTrue(metrics.getFirst().contains("\"IngestedRows\":1.0"), metrics.getFirst());
        assertTrue(problems.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name: weather\n",
                "name: other\nkey: [a]\ntime: b\ncolumns: [{name: c, type: number}]"
            })
    void withoutAUsableView_theFileGoesAside(String yaml) throws IOException {
        if (!yaml.isEmpty()) {
            declare(yaml);
        }
        arrive(KEY, ROWS);

        JsonNode answer = send(Files.readString(EVENT));

        assertEquals(1, answer.path("rejected").size(), answer::toString);
        assertTrue(problems.getFirst().startsWith("FILE_QUARANTINED view=weather"));
        assertTrue(metrics.getFirst().contains("\"QuarantinedFiles\":1.0"), metrics.getFirst());
        assertTrue(artifacts.list("incoming/").isEmpty());
    }

    @Test
    void aFolderThatIsNoName_isPutAsideToo() throws IOException {
        arrive("incoming/my view/rows.csv", ROWS);

        JsonNode answer = send(Files.readString(EVENT).replace(KEY, "incoming/my view/rows.csv"));

        assertTrue(
                answer.path("rejected")
                        .path(0)
                        .path("quarantine")
                        .asString("")
                        .startsWith("quarantine/my_view/"),
                answer::toString);
    }

    @Test
    void aFolderOfTheConsole_isNoFile() throws IOException {
        JsonNode answer =
                send(Files.readString(EVENT).replace("weather/1998-01-11.csv", "weather/"));

        assertEquals(0, answer.path("rejected").size());
    }

    @Test
    void aPersonsWish_makesOneBatchOfItsFiles_andBackfills() {
        declare(VIEW);
        arrive("uploads/a.csv", ROWS);
        arrive("uploads/b.csv", ROWS.replace("north", "south"));

        JsonNode answer =
                send(
                        "{\"view\":\"weather\",\"objects\":[{\"key\":\"uploads/a.csv\"},{\"key\":\"uploads/b.csv\"}]}");

        assertEquals(2, answer.path("rows").asInt());
        assertEquals(1, new OfflineStore(artifacts).batches("weather").size());
        assertEquals(2, send("{\"view\":\"weather\",\"backfill\":true}").path("online").asInt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"view\":\"weather\",\"files\":[]}",
                "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"store/x.csv\"}}}",
                "{\"detail-type\":\"Object Created\",\"detail\":{}}",
                "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"incoming/rows.csv\"}}}",
            })
    void anotherEvent_isRefused(String event) {
        assertThrows(MalformedJsonException.class, () -> send(event));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "../weather", "a b"})
    void aWishForNoView_isRefusedByName(String view) {
        String message =
                String.valueOf(
                        assertThrows(
                                        NoViewException.class,
                                        () -> send("{\"view\":\"" + view + "\"}"))
                                .getMessage());

        assertTrue(message.contains("'" + view + "'"), message);
    }
}

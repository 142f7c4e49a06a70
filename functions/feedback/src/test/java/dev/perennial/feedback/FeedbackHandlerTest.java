package dev.perennial.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.aws.HttpRequest;
import dev.perennial.aws.HttpResponse;
import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.EventTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedbackHandlerTest {
    private static final Instant NOON = Instant.parse("2026-04-01T12:00:00Z");
    private static final String LABEL = "{'labels':[{'id':'a','label':'yes'}]}";
    private static final String JSON = "application/json";

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final List<LiveMessage> queue = new ArrayList<>();
    private final FeedbackHandler handler = new FeedbackHandler(artifacts, "shop", this::take);
    private boolean queueIsDown;

    private void take(LiveMessage message) {
        if (queueIsDown) {
            throw new QueueUnavailableException("down", List.of(message), new IOException("down"));
        }
        queue.add(LiveMessage.fromJson(message.toJson()));
    }

    private void spec(String yaml) {
        artifacts.replace(
                Keys.spec("shop"), yaml.getBytes(StandardCharsets.UTF_8), "application/yaml");
    }

    private HttpResponse send(String method, String type, Instant at, String body) {
        return handler.apply(
                new HttpRequest(
                        method,
                        "/",
                        type,
                        at,
                        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static String error(HttpResponse response) {
        return Json.tree("response", response.body()).path("error").asString("");
    }

    @Test
    void labels_areAccepted_andInTheQueue() {
        spec(Rows.spec("shop"));

        HttpResponse response =
                send(
                        "POST",
                        JSON,
                        NOON,
                        "{'labels':[{'id':'a','label':'yes'},{'time':'2026-04-01T10:00:00Z','label':'no'}]}");

        assertEquals(202, response.status());
        assertEquals(2, Json.tree("response", response.body()).path("accepted").asInt(0));
        LiveMessage message = queue.getFirst();
        assertEquals("shop", message.pipeline());
        assertEquals(LiveMessage.Kind.LABELS, message.kind());
        assertEquals("a", message.rows().category(LiveColumns.ID).text(0));
        assertEquals("yes", message.rows().category(LiveColumns.LABEL).text(0));
        assertEquals(
                Instant.parse("2026-04-01T10:00:00Z"),
                EventTime.instant(message.rows().time(LiveColumns.TIME).micros()[1]));
        assertEquals(NOON, EventTime.instant(message.rows().time(LiveColumns.AT).micros()[1]));
    }

    @Test
    void csv_isTheSameMessage() {
        spec(Rows.spec("shop"));

        send("POST", JSON, NOON, LABEL);
        HttpResponse response = send("POST", "text/csv; charset=utf-8", NOON, "id,bought\na,yes\n");

        assertEquals(202, response.status());
        assertEquals(json(queue.getFirst()), json(queue.getLast()));
    }

    private static String json(LiveMessage message) {
        return new String(message.toJson(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    GET  | application/json | {'labels':[{'id':'a','label':'yes'}]} | 405 | GET is not answered here; POST labels
                    POST | text/plain | {} | 415 | 'text/plain' is not read here; send application/json or text/csv
                    POST | application/json | {'labels':[]} | 400 | no label
                    POST | application/json | {'rows':[]} | 400 | expected an object with an array 'labels' and nothing else, such as {"labels": [{"id": "…", "label": …}]}
                    POST | application/json | {'labels':[{'id':7,'label':'yes'}]} | 400 | row 0: 'id' should be a text
                    POST | application/json | {'labels':[{'id':'a','label':1}]} | 400 | row 0: 'label' should be a text
                    POST | application/json | {'labels':[{'label':'yes'}]} | 400 | row 0: 'time' should be the row's time; a label without id names its row by it
                    POST | application/json | {'labels':[{'id':'a','label':'yes','by':1}]} | 400 | row 0: unexpected 'by'; a label has an id, or time
                    """)
    void whatIsNoLabel_isRefused_withASentence(
            String method, String type, String body, int status, String sentence) {
        spec(Rows.spec("shop"));

        HttpResponse response = send(method, type, NOON, body);

        assertEquals(sentence, error(response));
        assertEquals(status, response.status());
        assertEquals(List.of(), queue);
    }

    @Test
    void moreLabelsThanARequestMayHave_areRefused() {
        spec(Rows.spec("shop"));
        String one = "{'id':'a','label':'yes'}";

        HttpResponse response =
                send(
                        "POST",
                        JSON,
                        NOON,
                        "{'labels':[" + String.join(",", Collections.nCopies(1_001, one)) + "]}");

        assertEquals(413, response.status());
        assertEquals("1,001 labels; at most 1,000 in one request", error(response));
    }

    @Test
    void unknownClass_isRefused_whereTheSpecNamesItsClasses() {
        spec(withClasses("[\"no\", \"yes\"]"));

        HttpResponse response = send("POST", JSON, NOON, LABEL.replace("yes", "perhaps"));

        assertEquals(400, response.status());
        assertEquals("row 0: the label 'perhaps' is none of [no, yes]", error(response));
    }

    private static String withClasses(String classes) {
        return Rows.spec("shop")
                .replace("positive: \"yes\"}", "positive: \"yes\", classes: " + classes + "}");
    }

    @Test
    void queueThatIsDown_isUnavailable_andNothingIsAccepted() {
        spec(Rows.spec("shop"));
        queueIsDown = true;

        HttpResponse response = send("POST", JSON, NOON, LABEL);

        assertEquals(503, response.status());
        assertEquals(
                "the capture queue didn't take the rows: down; send all of them again",
                error(response));
    }

    @Test
    void pipelineWithoutSpec_isUnavailable_untilItHasOne() {
        HttpResponse early = send("POST", JSON, NOON, LABEL);

        assertEquals(503, early.status());
        assertEquals("shop has no spec; upload one to pipelines/shop/spec.yaml", error(early));
        spec(Rows.spec("shop"));
        assertEquals(202, send("POST", JSON, NOON, LABEL).status());
    }

    @Test
    void changedSpec_isReadAfterAMinute() {
        spec(withClasses("[\"no\", \"yes\"]"));
        send("POST", JSON, NOON, LABEL);
        spec(withClasses("[\"never\", \"yes\"]"));
        String never = LABEL.replace("yes", "never");

        assertEquals(400, send("POST", JSON, NOON.plus(Duration.ofMinutes(1)), never).status());
        assertEquals(202, send("POST", JSON, NOON.plus(Duration.ofSeconds(61)), never).status());
    }

    @Test
    void sampleEvent_isAccepted() throws IOException {
        artifacts.replace(
                Keys.spec("electricity"),
                Files.readAllBytes(Path.of("../../pipelines/electricity.yaml")),
                "application/yaml");
        byte[] event = Files.readAllBytes(Path.of("../../events/feedback.json"));

        HttpResponse response =
                new FeedbackHandler(artifacts, "electricity", this::take)
                        .apply(new HttpRequest("POST", "/", JSON, NOON, event));

        assertEquals(202, response.status(), error(response));
    }
}

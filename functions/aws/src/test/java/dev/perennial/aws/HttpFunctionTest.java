package dev.perennial.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The shipped events, as a Function URL delivers them and as a direct invocation does. */
class HttpFunctionTest {
    private static final Path EVENTS = Path.of("..", "..", "events");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<HttpRequest> requests = new ArrayList<>();
    private int status = 200;
    private final HttpFunction function =
            new HttpFunction(
                    request -> {
                        requests.add(request);
                        return status == 200
                                ? HttpResponse.json(
                                        200, "{\"ok\":true}".getBytes(StandardCharsets.UTF_8))
                                : HttpResponse.error(status, "no");
                    },
                    () -> NOW);

    private JsonNode invoke(String event) throws IOException {
        byte[] answer =
                function.apply(new ByteArrayInputStream(Files.readAllBytes(EVENTS.resolve(event))));
        return Json.tree("the answer", answer);
    }

    @Test
    void urlsRequest_isTheSameAsADirectInvocation_butForItsTime() throws IOException {
        JsonNode overHttp = invoke("predict-url.json");
        JsonNode direct = invoke("predict.json");

        HttpRequest request = requests.getFirst();
        assertEquals("POST", request.method());
        assertEquals("application/json", request.contentType());
        assertEquals(Instant.parse("1997-07-25T01:00:00Z"), request.at());
        assertEquals(NOW, requests.getLast().at());
        assertEquals(
                Json.tree("direct", requests.getLast().body()),
                Json.tree("over HTTP", request.body()));
        assertEquals(200, overHttp.get("statusCode").asInt());
        assertEquals("{\"ok\":true}", overHttp.get("body").stringValue());
        assertEquals(Json.tree("body", "{\"ok\":true}".getBytes(StandardCharsets.UTF_8)), direct);
    }

    @Test
    void labels_mayComeAsCsv() throws IOException {
        invoke("feedback-url.json");

        assertEquals("text/csv", requests.getFirst().contentType());
        assertEquals(
                "timestamp,class\n1997-07-25T00:00:00Z,UP\n",
                new String(requests.getFirst().body(), StandardCharsets.UTF_8));
    }

    @Test
    void refusal_isAnAnswerOverHttp_andAnErrorDirectly() throws IOException {
        status = 400;

        assertEquals(400, invoke("predict-url.json").get("statusCode").asInt());
        assertThrows(DirectInvocationException.class, () -> invoke("predict.json"));
    }
}

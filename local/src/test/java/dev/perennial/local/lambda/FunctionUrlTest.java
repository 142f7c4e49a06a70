package dev.perennial.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Against a function that gives its event back, or what the event asks for. */
class FunctionUrlTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir static Path folder;

    private static FunctionResource function;
    private static LambdaService lambda;
    private static FunctionUrl url;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        function =
                new FunctionResource(
                        "Mirror",
                        FunctionZip.build(
                                folder,
                                "Mirror",
                                "",
                                """
                                if (event.contains("boom")) {
                                    throw new IllegalStateException("boom");
                                }
                                write(out, event.contains("broken")
                                    ? "{\\"statusCode\\":200,\\"body\\":\\"*\\",\\"isBase64Encoded\\":true}"
                                    : event.contains("teapot")
                                    ? "{\\"statusCode\\":418,\\"headers\\":{\\"content-type\\":\\"text/plain\\",\\"x-model\\":7},\\"cookies\\":[\\"a=1\\",\\"b=2\\"],\\"body\\":\\"c2hvcnQ=\\",\\"isBase64Encoded\\":true}"
                                    : event);
                                """),
                        "demo.Mirror::handleRequest",
                        "java25",
                        256,
                        Duration.ofSeconds(20),
                        512,
                        Map.of(),
                        Optional.empty(),
                        false,
                        true);
        lambda =
                new LambdaService(
                        new Stack(
                                List.of(function),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of()),
                        folder.resolve("cache"),
                        folder.resolve("logs"),
                        _ -> Map.of(),
                        2);
        url = FunctionUrl.open(function, lambda, () -> NOW, 0);
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        url.close();
        lambda.close();
        client.close();
    }

    private static HttpResponse<byte[]> send(String path, byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(url.uri().resolve(path))
                        .header("X-Asked-By", "somebody")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void request_becomesAnEventOfFormat2() throws Exception {
        JsonNode event = Json.tree("event", send("/a%20b?q=1&r=%C3%A4", utf8("grüße")).body());

        assertEquals("2.0", event.get("version").asString());
        assertEquals("/a%20b", event.get("rawPath").asString());
        assertEquals("q=1&r=%C3%A4", event.get("rawQueryString").asString());
        assertEquals("somebody", event.get("headers").get("x-asked-by").asString());
        JsonNode context = event.get("requestContext");
        assertEquals("POST", context.get("http").get("method").asString());
        assertEquals("/a b", context.get("http").get("path").asString());
        assertEquals("127.0.0.1", context.get("http").get("sourceIp").asString());
        assertEquals(NOW.toEpochMilli(), context.get("timeEpoch").asLong());
        assertEquals("grüße", event.get("body").asString());
        assertEquals(false, event.get("isBase64Encoded").asBoolean());
    }

    @Test
    void bodyThatIsNoText_isEncoded() throws Exception {
        byte[] binary = {(byte) 0xff, 0, 1};

        JsonNode event = Json.tree("event", send("/", binary).body());

        assertEquals(true, event.get("isBase64Encoded").asBoolean());
        assertEquals(Base64.getEncoder().encodeToString(binary), event.get("body").asString());
    }

    @Test
    void statusHeaderAndBody_areTheFunctions() throws Exception {
        HttpResponse<byte[]> response = send("/", utf8("teapot"));

        assertEquals(418, response.statusCode());
        assertEquals("text/plain", response.headers().firstValue("content-type").orElseThrow());
        assertEquals("7", response.headers().firstValue("x-model").orElseThrow());
        assertEquals(List.of("a=1", "b=2"), response.headers().allValues("set-cookie"));
        assertEquals("short", new String(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    void bodyThatIsNoBase64_isABadGateway() throws Exception {
        assertEquals(502, send("/", utf8("broken")).statusCode());
    }

    @Test
    void functionThatFails_isABadGateway_withoutItsInsides() throws Exception {
        HttpResponse<byte[]> response = send("/", utf8("boom"));

        assertEquals(502, response.statusCode());
        assertEquals(
                "{\"message\":\"Internal Server Error\"}",
                new String(response.body(), StandardCharsets.UTF_8));
    }

    @Test
    void bodyBeyondLambdasLimit_isTooLarge() throws Exception {
        assertEquals(413, send("/", new byte[6_291_457]).statusCode());
        assertEquals(413, send("/", new byte[6_000_000]).statusCode(), "encoded it is larger");
    }

    @Test
    void portThatIsTaken_isSaid_andAClosedUrlAnswersNobody() {
        int port = url.uri().getPort();
        assertTrue(
                assertThrows(
                                UncheckedIOException.class,
                                () -> FunctionUrl.open(function, lambda, () -> NOW, port))
                        .getMessage()
                        .contains("can't listen on port " + port));

        FunctionUrl closed = FunctionUrl.open(function, lambda, () -> NOW, 0);
        URI gone = closed.uri();
        closed.close();
        assertThrows(
                ConnectException.class,
                () ->
                        client.send(
                                HttpRequest.newBuilder(gone).build(),
                                HttpResponse.BodyHandlers.discarding()));
    }
}

package dev.perennial.aws;

import dev.perennial.core.json.Json;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The codec between Lambda and a function behind a Function URL (payload format 2.0). Invoked
 * directly, with an event that is no such request, the event is taken for a request's JSON body and
 * the answer is the response's body; there an answer that is no success is an error.
 */
public final class HttpFunction implements Function<InputStream, byte[]> {
    private final Function<HttpRequest, HttpResponse> handler;
    private final InstantSource clock;

    /**
     * @param clock says when a direct invocation began; a request brings its own time
     */
    public HttpFunction(Function<HttpRequest, HttpResponse> handler, InstantSource clock) {
        this.handler = handler;
        this.clock = clock;
    }

    @Override
    public byte[] apply(InputStream event) {
        byte[] bytes = EventBytes.of(event);
        JsonNode parsed = Json.tree("the event", bytes);
        if (!parsed.path("requestContext").has("http")) {
            return direct(bytes);
        }
        HttpResponse response = handler.apply(request(parsed));
        return Json.write(
                Map.of(
                        "statusCode",
                        response.status(),
                        "headers",
                        Map.of("content-type", response.contentType()),
                        "body",
                        new String(response.body(), StandardCharsets.UTF_8),
                        "isBase64Encoded",
                        false));
    }

    private byte[] direct(byte[] body) {
        HttpResponse response =
                handler.apply(
                        new HttpRequest("POST", "/", "application/json", clock.instant(), body));
        if (response.status() >= 400) {
            throw new DirectInvocationException(
                    response.status(), new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private HttpRequest request(JsonNode event) {
        JsonNode http = event.path("requestContext").path("http");
        JsonNode time = event.path("requestContext").path("timeEpoch");
        String contentType = "";
        for (Map.Entry<String, JsonNode> header : event.path("headers").properties()) {
            if (header.getKey().toLowerCase(Locale.ROOT).equals("content-type")) {
                contentType = header.getValue().asString("");
            }
        }
        String body = event.path("body").asString("");
        return new HttpRequest(
                http.path("method").asString(""),
                event.path("rawPath").asString("/"),
                contentType,
                time.isIntegralNumber() ? Instant.ofEpochMilli(time.asLong()) : clock.instant(),
                event.path("isBase64Encoded").asBoolean(false)
                        ? Base64.getDecoder().decode(body)
                        : body.getBytes(StandardCharsets.UTF_8));
    }
}

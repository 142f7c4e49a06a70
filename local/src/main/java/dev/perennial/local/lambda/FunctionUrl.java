package dev.perennial.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.http.LoopbackServer;
import dev.perennial.local.template.FunctionResource;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A function's HTTP address on loopback: a request becomes an event of payload format 2.0, and what
 * the function returns becomes the response, as behind AWS's Function URLs. Nobody is asked for a
 * signature.
 */
public final class FunctionUrl implements AutoCloseable {
    /** Lambda's limit for an event; a body beyond it can't be in one. */
    private static final int MAX_BODY = 6_291_456;

    private final FunctionResource function;
    private final Functions lambda;
    private final InstantSource clock;
    private final LoopbackServer server;

    private FunctionUrl(FunctionResource function, Functions lambda, InstantSource clock, int port)
            throws IOException {
        this.function = function;
        this.lambda = lambda;
        this.clock = clock;
        this.server = LoopbackServer.open(port, "/", this::handle);
    }

    /**
     * Listens.
     *
     * @param port 0: any that is free
     * @throws UncheckedIOException if the port is taken
     */
    public static FunctionUrl open(
            FunctionResource function, Functions lambda, InstantSource clock, int port) {
        try {
            return new FunctionUrl(function, lambda, clock, port);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "can't listen on port %d: %s".formatted(port, failed.getMessage()), failed);
        }
    }

    public URI uri() {
        return server.uri().resolve("/");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            if (body.length > MAX_BODY) {
                answer(exchange, 413, "{\"message\":\"Request Too Long\"}");
            } else {
                invoke(exchange, body);
            }
        }
    }

    private void invoke(HttpExchange exchange, byte[] body) throws IOException {
        try {
            switch (lambda.invoke(function.arn(), event(exchange, body))) {
                case Invocation.Returned returned -> answer(exchange, returned.payload());
                case Invocation.FunctionError _ ->
                        answer(exchange, 502, "{\"message\":\"Internal Server Error\"}");
            }
        } catch (PayloadTooLargeException tooLarge) {
            answer(exchange, 413, "{\"message\":\"Request Too Long\"}");
        } catch (UncheckedIOException broken) {
            answer(exchange, 502, "{\"message\":\"Internal Server Error\"}");
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            answer(exchange, 503, "{\"message\":\"Service Unavailable\"}");
        } catch (IllegalStateException closed) {
            answer(exchange, 503, "{\"message\":\"Service Unavailable\"}");
        }
    }

    private byte[] event(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        URI uri = exchange.getRequestURI();
        Optional<String> text = text(body);
        long now = clock.millis();
        return Json.write(
                Map.of(
                        "version", "2.0",
                        "routeKey", "$default",
                        "rawPath", Optional.ofNullable(uri.getRawPath()).orElse("/"),
                        "rawQueryString", Optional.ofNullable(uri.getRawQuery()).orElse(""),
                        "headers", headers,
                        "requestContext",
                                Map.of(
                                        "accountId",
                                        TemplateReader.ACCOUNT,
                                        "apiId",
                                        function.name(),
                                        "domainName",
                                        headers.getOrDefault("host", ""),
                                        "requestId",
                                        UUID.randomUUID().toString(),
                                        "routeKey",
                                        "$default",
                                        "stage",
                                        "$default",
                                        "timeEpoch",
                                        now,
                                        "http",
                                        Map.of(
                                                "method", exchange.getRequestMethod(),
                                                "path",
                                                        Optional.ofNullable(uri.getPath())
                                                                .orElse("/"),
                                                "protocol", exchange.getProtocol(),
                                                "sourceIp",
                                                        exchange.getRemoteAddress()
                                                                .getAddress()
                                                                .getHostAddress(),
                                                "userAgent",
                                                        headers.getOrDefault("user-agent", ""))),
                        "body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)),
                        "isBase64Encoded", text.isEmpty()));
    }

    /** The body as text, if it is one. */
    private static Optional<String> text(byte[] body) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    private static void answer(HttpExchange exchange, byte[] returned) throws IOException {
        JsonNode response;
        try {
            response = Json.tree("the function's answer", returned);
        } catch (MalformedJsonException broken) {
            answer(exchange, 502, "{\"message\":\"Internal Server Error\"}");
            return;
        }
        if (!response.path("statusCode").isInt()) {
            // AWS takes anything else for the body itself.
            send(exchange, 200, "application/json", returned);
            return;
        }
        byte[] body;
        try {
            body = body(response);
        } catch (IllegalArgumentException noBase64) {
            answer(exchange, 502, "{\"message\":\"Internal Server Error\"}");
            return;
        }
        for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
            exchange.getResponseHeaders().set(header.getKey(), header.getValue().asString(""));
        }
        for (JsonNode cookie : response.path("cookies")) {
            exchange.getResponseHeaders().add("Set-Cookie", cookie.asString(""));
        }
        String type = exchange.getResponseHeaders().getFirst("Content-Type");
        send(
                exchange,
                response.path("statusCode").asInt(),
                type == null ? "application/json" : type,
                body);
    }

    private static byte[] body(JsonNode response) {
        String body = response.path("body").asString("");
        return response.path("isBase64Encoded").asBoolean(false)
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        send(exchange, status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().put("Content-Type", List.of(contentType));
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** Answers what has begun, for at most a second, then breaks it off. */
    @Override
    public void close() {
        server.close(1);
    }
}

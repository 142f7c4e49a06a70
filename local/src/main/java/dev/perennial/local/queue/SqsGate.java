package dev.perennial.local.queue;

import com.sun.net.httpserver.HttpExchange;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.http.LoopbackServer;
import dev.perennial.local.permission.AccessDeniedException;
import dev.perennial.local.permission.Call;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SQS as functions may use it: asks who calls, then lets ElasticMQ, which takes any key, answer.
 * Signatures are not checked, only what the caller of that access key may do.
 */
public final class SqsGate implements AutoCloseable {
    private static final String PREFIX = "AmazonSQS.";
    private static final int LONGEST_REQUEST = 4 * 1024 * 1024;

    /** What ElasticMQ needs of a request, and a client of an answer. */
    private static final List<String> HEADERS =
            List.of(
                    "X-Amz-Target",
                    "Content-Type",
                    "x-amzn-query-mode",
                    "x-amzn-query-error",
                    "x-amzn-RequestId");

    private final URI sqs;
    private final Permissions permissions;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LoopbackServer server;

    private SqsGate(URI sqs, Permissions permissions) {
        this.sqs = sqs;
        this.permissions = permissions;
        this.server = LoopbackServer.onAnyPort(this::serve);
    }

    /** Listens on a free port. */
    public static SqsGate open(URI sqs, Permissions permissions) {
        return new SqsGate(sqs, permissions);
    }

    /** What an SDK's endpoint override should be. */
    public URI endpoint() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST_REQUEST);
            try {
                permissions.check(
                        Permissions.accessKey(
                                exchange.getRequestHeaders().getFirst("Authorization")),
                        call(exchange, body));
                forward(exchange, body);
            } catch (AccessDeniedException denied) {
                refuse(exchange, 403, "AccessDenied", String.valueOf(denied.getMessage()));
            } catch (MalformedJsonException malformed) {
                refuse(
                        exchange,
                        400,
                        "InvalidParameterValue",
                        String.valueOf(malformed.getMessage()));
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
                refuse(exchange, 503, "ServiceUnavailable", "The local SQS is closing");
            }
        }
    }

    private static Call call(HttpExchange exchange, byte[] body) {
        String target =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                        .orElse("");
        if (!target.startsWith(PREFIX)) {
            throw new AccessDeniedException(
                    "X-Amz-Target is '%s', expected %s and an operation".formatted(target, PREFIX));
        }
        String url = Json.tree("the request", body).path("QueueUrl").asString("");
        // A batch is allowed by the action of its parts.
        String operation = target.substring(PREFIX.length()).replaceFirst("Batch$", "");
        return Call.of(
                "sqs:" + operation,
                "arn:aws:sqs:%s:%s:%s"
                        .formatted(
                                TemplateReader.REGION,
                                TemplateReader.ACCOUNT,
                                url.substring(url.lastIndexOf('/') + 1)));
    }

    private void forward(HttpExchange exchange, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(sqs.resolve(exchange.getRequestURI()))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : HEADERS) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        HttpResponse<byte[]> answer =
                client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        for (String name : HEADERS) {
            answer.headers()
                    .firstValue(name)
                    .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        answer(exchange, answer.statusCode(), answer.body());
    }

    private static void refuse(HttpExchange exchange, int status, String code, String message)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.getResponseHeaders().set("x-amzn-query-error", code + ";Sender");
        answer(
                exchange,
                status,
                Json.write(Map.of("__type", "com.amazonaws.sqs#" + code, "message", message)));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}

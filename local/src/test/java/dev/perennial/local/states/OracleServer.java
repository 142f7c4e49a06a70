package dev.perennial.local.states;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The server with mocked tasks as Step Functions Local and the emulators have them: {@code
 * stateMachineArn#testCase} selects the answers of a SFN_MOCK_CONFIG file. For comparing with those
 * emulators by hand.
 *
 * <p>Arguments: the mock file and the port to listen on.
 */
final class OracleServer {
    private final Map<String, Map<String, List<JsonNode>>> scripts = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonNode mocks;
    private final URI inner;

    private OracleServer(JsonNode mocks) {
        this.mocks = mocks;
        Machines machines =
                Machines.with(
                        new ScriptedTasks(arn ->
                                scripts.getOrDefault(
                                        arn.substring(arn.lastIndexOf(':') + 1), Map.of())));
        this.inner =
                StepFunctionsServer.start(
                                machines.executions, Permissions.ofOwner(new Credentials("a", "b")))
                        .endpoint();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        OracleServer oracle = new OracleServer(Json.parse(Files.readString(Path.of(args[0]))));
        HttpServer front =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(args[1])),
                        0);
        front.createContext("/", oracle::forward);
        front.start();
        new CountDownLatch(1).await();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            ObjectNode body =
                    (ObjectNode)
                            Json.parse(
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
            if (target.endsWith(".StartExecution")) {
                select(body);
            }
            HttpResponse<byte[]> answer =
                    client.send(
                            HttpRequest.newBuilder(inner)
                                    .header("X-Amz-Target", target)
                                    .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            throw new IOException("stopped", e);
        }
    }

    private void select(ObjectNode request) {
        String[] arn = request.get("stateMachineArn").stringValue().split("#", 2);
        String name = "case-" + started.incrementAndGet();
        request.put("stateMachineArn", arn[0]).put("name", name);
        JsonNode chosen =
                mocks.path("StateMachines")
                        .path(arn[0].substring(arn[0].lastIndexOf(':') + 1))
                        .path("TestCases")
                        .path(arn.length > 1 ? arn[1] : "");
        Map<String, List<JsonNode>> script = new HashMap<>();
        chosen.properties()
                .forEach(e ->
                        script.put(
                                e.getKey(),
                                ScriptedTasks.answers(
                                        mocks.path("MockedResponses")
                                                .path(e.getValue().stringValue()))));
        scripts.put(name, script);
    }
}

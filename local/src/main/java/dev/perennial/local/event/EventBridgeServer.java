package dev.perennial.local.event;

import com.sun.net.httpserver.HttpExchange;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.http.LoopbackServer;
import dev.perennial.local.permission.AccessDeniedException;
import dev.perennial.local.permission.Permissions;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * EventBridge's AWS JSON 1.1 protocol on a port of the loopback interface: PutEvents. Signatures
 * are not checked, only what the caller of that access key may do.
 */
public final class EventBridgeServer implements AutoCloseable {
    private static final String PUT_EVENTS = "AWSEvents.PutEvents";
    private static final int LONGEST_REQUEST = 4 * 1024 * 1024;

    private final LoopbackServer server;
    private final EventBus bus;
    private final Permissions permissions;

    /** An answer's status and body. */
    private record Answer(int status, JsonNode body) {
        static Answer error(int status, String code, String message) {
            return new Answer(status, Json.toTree(Map.of("__type", code, "message", message)));
        }
    }

    private EventBridgeServer(EventBus bus, Permissions permissions) {
        this.bus = bus;
        this.permissions = permissions;
        this.server = LoopbackServer.onAnyPort(this::serve);
    }

    /** Listens on a free port. */
    public static EventBridgeServer start(EventBus bus, Permissions permissions) {
        return new EventBridgeServer(bus, permissions);
    }

    /** What an SDK's endpoint override should be. */
    public URI endpoint() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = Json.write(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String target =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                        .orElse("");
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_REQUEST + 1);
        if (!target.equals(PUT_EVENTS)) {
            return Answer.error(
                    400,
                    "UnknownOperationException",
                    "The local EventBridge implements PutEvents only, not '%s'".formatted(target));
        }
        if (body.length > LONGEST_REQUEST) {
            return Answer.error(
                    413, "RequestEntityTooLargeException", "The request is larger than 4 MiB");
        }
        try {
            JsonNode request = Json.tree("the request", body);
            String accessKey =
                    Permissions.accessKey(exchange.getRequestHeaders().getFirst("Authorization"));
            EventBus.calls(request).forEach(call -> permissions.check(accessKey, call));
            return new Answer(200, bus.putEvents(request, List.of()));
        } catch (AccessDeniedException denied) {
            return Answer.error(400, "AccessDeniedException", String.valueOf(denied.getMessage()));
        } catch (MalformedJsonException malformed) {
            return Answer.error(
                    400, "SerializationException", String.valueOf(malformed.getMessage()));
        } catch (RefusedRequestException refused) {
            return Answer.error(400, refused.code(), String.valueOf(refused.getMessage()));
        } catch (UnsupportedOperationException unsupported) {
            return Answer.error(
                    400, "ValidationException", String.valueOf(unsupported.getMessage()));
        } catch (RuntimeException broken) {
            return Answer.error(500, "InternalFailure", "The local EventBridge broke: " + broken);
        }
    }
}

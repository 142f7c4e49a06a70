package dev.perennial.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import dev.perennial.core.json.Json;
import dev.perennial.local.http.LoopbackServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;

/**
 * Lambda's Invoke (API version 2015-03-31) for synchronous calls, on loopback: AWS's own command
 * line and clients can call functions here. Nobody is asked for a signature.
 */
public final class InvokeApi implements AutoCloseable {
    private static final String ROOT = "/2015-03-31/functions/";
    private static final String END = "/invocations";

    private final Functions functions;
    private final LoopbackServer server;

    private InvokeApi(Functions functions) throws IOException {
        this.functions = functions;
        this.server = LoopbackServer.open(0, ROOT, this::answer);
    }

    /** Listens on any free port. */
    public static InvokeApi open(Functions functions) {
        try {
            return new InvokeApi(functions);
        } catch (IOException failed) {
            throw new UncheckedIOException("can't listen: " + failed.getMessage(), failed);
        }
    }

    public URI uri() {
        return server.uri().resolve("/");
    }

    /** The path of a function's invocations. */
    public static String path(String function) {
        return ROOT + function + END;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] event = exchange.getRequestBody().readNBytes(Functions.MAX_EVENT + 1);
            String type = exchange.getRequestHeaders().getFirst("X-Amz-Invocation-Type");
            if (!exchange.getRequestMethod().equals("POST") || !path.endsWith(END)) {
                refuse(exchange, 404, "ResourceNotFoundException", path + " is not served here");
            } else if (type != null && !type.equals("RequestResponse")) {
                refuse(exchange, 400, "InvalidParameterValueException", type + " isn't supported");
            } else {
                String function = path.substring(ROOT.length(), path.length() - END.length());
                invoke(exchange, function, event);
            }
        }
    }

    private void invoke(HttpExchange exchange, String function, byte[] event) throws IOException {
        try {
            switch (functions.invoke(function, event)) {
                case Invocation.Returned returned -> send(exchange, 200, returned.payload());
                case Invocation.FunctionError failed -> {
                    exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
                    send(exchange, 200, failed.body());
                }
            }
        } catch (UnknownFunctionException unknown) {
            refuse(exchange, 404, "ResourceNotFoundException", unknown.getMessage());
        } catch (PayloadTooLargeException tooLarge) {
            refuse(exchange, 413, "RequestTooLargeException", tooLarge.getMessage());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            refuse(exchange, 503, "ServiceException", "the local cloud is closing");
        } catch (IllegalStateException | UncheckedIOException failed) {
            refuse(exchange, 502, "ServiceException", failed.getMessage());
        }
    }

    private static void refuse(
            HttpExchange exchange,
            int status,
            String error,
            @org.jspecify.annotations.Nullable String why)
            throws IOException {
        exchange.getResponseHeaders().set("X-Amzn-ErrorType", error);
        send(exchange, status, Json.write(Map.of("Message", String.valueOf(why))));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.close();
    }
}

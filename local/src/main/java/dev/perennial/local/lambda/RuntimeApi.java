package dev.perennial.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import dev.perennial.local.http.LoopbackServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The Lambda Runtime API (version 2018-06-01) as one process sees it, on a loopback port of its
 * own. One per process, so that no process can take or answer another's events.
 */
final class RuntimeApi implements AutoCloseable {
    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String INVOCATION = ROOT + "invocation/";

    private static final String RESTORE = ROOT + "restore/";

    private final LoopbackServer server;
    private final Listener listener;

    /** An event on its way to the process. */
    record Event(String requestId, String functionArn, long deadlineEpochMillis, byte[] payload) {}

    /** What the process does. */
    interface Listener {
        /** It asks for an event; blocks until there is one. */
        Event next() throws InterruptedException;

        /** It could be kept, and asks to go on as a restored process; blocks until it may. */
        default void restore() throws InterruptedException {}

        void returned(String requestId, byte[] payload);

        /**
         * The event failed.
         *
         * @param type what the error header says
         */
        void failed(String requestId, String type, byte[] body);

        void initFailed(String type, byte[] body);
    }

    RuntimeApi(Listener listener) throws IOException {
        this.listener = listener;
        server = LoopbackServer.open(0, ROOT, this::answer);
    }

    /** What AWS_LAMBDA_RUNTIME_API says. */
    String address() {
        return server.address();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.equals(INVOCATION + "next")) {
                handOver(exchange, listener.next());
                return;
            }
            if (path.equals(RESTORE + "next")) {
                listener.restore();
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            String type =
                    exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
            String errorType = type == null ? "Unhandled" : type;
            if (path.equals(ROOT + "init/error") || path.equals(RESTORE + "error")) {
                listener.initFailed(errorType, body);
            } else if (path.startsWith(INVOCATION) && path.endsWith("/response")) {
                listener.returned(requestId(path), body);
            } else if (path.startsWith(INVOCATION) && path.endsWith("/error")) {
                listener.failed(requestId(path), errorType, body);
            } else {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] accepted = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(202, accepted.length);
            exchange.getResponseBody().write(accepted);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static String requestId(String path) {
        return path.substring(INVOCATION.length(), path.lastIndexOf('/'));
    }

    private static void handOver(HttpExchange exchange, Event event) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Lambda-Runtime-Aws-Request-Id", event.requestId());
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(event.deadlineEpochMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", event.functionArn());
        headers.set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, event.payload().length);
        exchange.getResponseBody().write(event.payload());
    }

    @Override
    public void close() {
        server.close();
    }
}

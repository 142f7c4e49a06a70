package dev.perennial.local.states;

import com.sun.net.httpserver.HttpExchange;
import dev.perennial.local.http.LoopbackServer;
import dev.perennial.local.permission.AccessDeniedException;
import dev.perennial.local.permission.Call;
import dev.perennial.local.permission.Permissions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Step Functions' AWS JSON 1.0 protocol on a port of the loopback interface, for any AWS SDK with
 * an endpoint override. Signatures are not checked, only what the caller of that access key may do.
 */
public final class StepFunctionsServer implements AutoCloseable {
    private static final String PREFIX = "AWSStepFunctions.";
    private static final Pattern QUALIFIED =
            Pattern.compile(
                    "(?<machine>arn:[^:]*:states:[^:]*:[^:]*:stateMachine:[^:]+):(?<qualifier>[^:]+)");
    private static final int LONGEST_REQUEST = 4 * 1024 * 1024;

    private final LoopbackServer server;
    private final Executions executions;
    private final Permissions permissions;
    private final StepFunctionsOperations operations;

    private StepFunctionsServer(Executions executions, Permissions permissions) {
        this.executions = executions;
        this.permissions = permissions;
        this.operations = new StepFunctionsOperations(executions);
        this.server = LoopbackServer.onAnyPort(this::serve);
    }

    /** Listens on a free port. The executions stay the caller's to close. */
    public static StepFunctionsServer start(Executions executions, Permissions permissions) {
        return new StepFunctionsServer(executions, permissions);
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
            int status = 200;
            JsonNode answer;
            try {
                answer = answer(exchange);
            } catch (UnsupportedDefinitionException e) {
                status = 400;
                answer = error("InvalidDefinition", e.getMessage());
            } catch (AccessDeniedException e) {
                status = 400;
                answer = error("AccessDeniedException", e.getMessage());
            } catch (RequestRefusedException e) {
                status = 400;
                answer = error(e.code(), e.getMessage());
            } catch (RuntimeException e) {
                status = 500;
                answer = error("InternalFailure", "The executor broke: " + e);
            } catch (InterruptedException e) {
                status = 503;
                answer = error("ServiceUnavailable", "The executor is closing");
            }
            byte[] body = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private JsonNode answer(HttpExchange exchange) throws IOException, InterruptedException {
        String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_REQUEST + 1);
        if (body.length > LONGEST_REQUEST) {
            throw new RequestRefusedException(
                    "ValidationException",
                    "A request should not be longer than " + LONGEST_REQUEST + " bytes");
        }
        if (!target.startsWith(PREFIX)) {
            throw new RequestRefusedException(
                    "UnknownOperationException",
                    "The header X-Amz-Target should begin with " + PREFIX + " but is " + target);
        }
        String operation = target.substring(PREFIX.length());
        Request request = Request.of(new String(body, StandardCharsets.UTF_8));
        permissions.check(
                Permissions.accessKey(exchange.getRequestHeaders().getFirst("Authorization")),
                call(operation, request));
        return operations.perform(operation, request);
    }

    /**
     * What an operation is about; a task's token belongs to the state machine of its execution. Of
     * a version or alias the permission is asked by the state machine's own ARN, and a condition
     * can tell them apart. Source: AWS Step Functions Developer Guide, "Authorizing versions and
     * aliases".
     */
    private Call call(String operation, Request request) {
        String resource =
                request.text("executionArn")
                        .or(() -> request.text("stateMachineArn"))
                        .or(() ->
                                request.text("taskToken")
                                        .flatMap(_ ->
                                                executions.stateMachines().stream().findFirst())
                                        .map(StateMachine::arn))
                        .orElse("*");
        Matcher qualified = QUALIFIED.matcher(resource);
        return qualified.matches()
                ? new Call(
                        "states:" + operation,
                        qualified.group("machine"),
                        Map.of("states:StateMachineQualifier", qualified.group("qualifier")))
                : Call.of("states:" + operation, resource);
    }

    private static JsonNode error(String code, @Nullable String message) {
        return Json.NODES.objectNode().put("__type", code).put("message", String.valueOf(message));
    }
}

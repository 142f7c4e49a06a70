package dev.perennial.local.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.permission.AccessDeniedException;
import dev.perennial.local.permission.Call;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.template.TemplateReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;

/** Asks who calls before DynamoDB Local, which takes any key, does what it is asked for. */
final class GuardedDynamoDb extends Handler.Wrapper {
    private static final String NO_TABLE = "*";
    private static final int BAD_REQUEST = 400;

    /** What a part of a transaction or batch is called as an action. */
    private static final Map<String, String> PARTS =
            Map.of(
                    "Put", "PutItem",
                    "Update", "UpdateItem",
                    "Delete", "DeleteItem",
                    "ConditionCheck", "ConditionCheckItem",
                    "Get", "GetItem");

    private final Permissions permissions;

    GuardedDynamoDb(Handler handler, Permissions permissions) {
        super(handler);
        this.permissions = permissions;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        ByteBuffer body = Content.Source.asByteBuffer(request);
        String target = Optional.ofNullable(request.getHeaders().get("X-Amz-Target")).orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        try {
            String accessKey =
                    Permissions.accessKey(request.getHeaders().get(HttpHeader.AUTHORIZATION));
            for (Call call : calls(operation, BufferUtil.toArray(body))) {
                permissions.check(accessKey, call);
            }
        } catch (AccessDeniedException denied) {
            refuse(
                    response,
                    callback,
                    "com.amazon.coral.service#AccessDeniedException",
                    String.valueOf(denied.getMessage()));
            return true;
        } catch (MalformedJsonException malformed) {
            refuse(
                    response,
                    callback,
                    "com.amazon.coral.service#SerializationException",
                    String.valueOf(malformed.getMessage()));
            return true;
        }
        return super.handle(new Reread(request, body), response, callback);
    }

    /** What an operation needs: each part of a transaction or batch for itself, as IAM has it. */
    private static List<Call> calls(String operation, byte[] body) {
        JsonNode request = Json.tree("the request", body);
        return switch (operation) {
            case "TransactWriteItems", "TransactGetItems" ->
                    request.path("TransactItems")
                            .valueStream()
                            .flatMap(item -> item.propertyStream())
                            .map(part ->
                                    call(
                                            PARTS.getOrDefault(part.getKey(), part.getKey()),
                                            table(part.getValue())))
                            .distinct()
                            .toList();
            case "BatchGetItem", "BatchWriteItem" ->
                    request.path("RequestItems")
                            .propertyStream()
                            .map(table -> call(operation, table.getKey()))
                            .toList();
            default -> Stream.of(call(operation, table(request))).toList();
        };
    }

    private static Call call(String operation, String table) {
        return Call.of(
                "dynamodb:" + operation,
                table.equals(NO_TABLE)
                        ? NO_TABLE
                        : "arn:aws:dynamodb:%s:%s:table/%s"
                                .formatted(TemplateReader.REGION, TemplateReader.ACCOUNT, table));
    }

    private static String table(JsonNode request) {
        return request.path("TableName").asString(NO_TABLE);
    }

    private static void refuse(Response response, Callback callback, String type, String message) {
        response.setStatus(BAD_REQUEST);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-amz-json-1.0");
        response.write(
                true,
                ByteBuffer.wrap(Json.write(Map.of("__type", type, "message", message))),
                callback);
    }

    /** A request whose body was read already. */
    private static final class Reread extends Request.Wrapper {
        private final ByteBufferContentSource content;

        Reread(Request request, ByteBuffer body) {
            super(request);
            this.content = new ByteBufferContentSource(body.slice());
        }

        @Override
        public long getLength() {
            return content.getLength();
        }

        @Override
        public Content.Chunk read() {
            return content.read();
        }

        @Override
        public void demand(Runnable demandCallback) {
            content.demand(demandCallback);
        }

        @Override
        public void fail(Throwable failure) {
            content.fail(failure);
        }
    }
}

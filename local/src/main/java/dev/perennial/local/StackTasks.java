package dev.perennial.local;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.event.JsonLines;
import dev.perennial.local.event.RefusedRequestException;
import dev.perennial.local.lambda.Functions;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.lambda.InvocationReport;
import dev.perennial.local.lambda.PayloadTooLargeException;
import dev.perennial.local.lambda.UnknownFunctionException;
import dev.perennial.local.permission.AccessDeniedException;
import dev.perennial.local.permission.Call;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.permission.Permissions;
import dev.perennial.local.states.TaskCall;
import dev.perennial.local.states.TaskFailedException;
import dev.perennial.local.states.TaskRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The service integrations that the state machine uses: functions, the registry's table, the topic,
 * the event bus.
 */
final class StackTasks implements TaskRunner {
    private static final String LAMBDA = "arn:aws:states:::lambda:invoke";
    private static final String UPDATE_ITEM = "arn:aws:states:::dynamodb:updateItem";
    private static final String PUBLISH = "arn:aws:states:::sns:publish";
    private static final String PUT_EVENTS = "arn:aws:states:::events:putEvents";

    /** The ARN of a function's version. */
    private static final Pattern VERSION = Pattern.compile("arn:.*:function:[^:]+:\\d+");

    /** What is heeded of each resource's arguments. */
    private static final Map<String, Set<String>> ARGUMENTS =
            Map.of(
                    LAMBDA,
                    Set.of("FunctionName", "Payload"),
                    UPDATE_ITEM,
                    Set.of(
                            "TableName",
                            "Key",
                            "UpdateExpression",
                            "ConditionExpression",
                            "ExpressionAttributeNames",
                            "ExpressionAttributeValues",
                            "ReturnValues"),
                    PUBLISH,
                    Set.of("TopicArn", "Subject", "Message"),
                    PUT_EVENTS,
                    Set.of("Entries"));

    /** SNS's limits: characters, and bytes of UTF-8. */
    private static final int LONGEST_SUBJECT = 100;

    private static final int LARGEST_MESSAGE = 262_144;

    private final Functions lambda;
    private final Permissions permissions;
    private final Credentials keys;
    private final URI dynamoDb;
    private final Set<String> topics;
    private final JsonLines notifications;
    private final Supplier<EventBus> bus;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Measured> measured = new CopyOnWriteArrayList<>();

    /** One function call of an execution. */
    record Measured(String executionArn, String state, JsonNode event, InvocationReport report) {}

    /**
     * For a stack.
     *
     * @param keys the state machine's, in whose role all is done
     * @param topics the ARNs of its topics
     * @param notifications gets a line for each message
     * @param bus the present event bus
     */
    StackTasks(
            Functions lambda,
            Permissions permissions,
            Credentials keys,
            URI dynamoDb,
            Set<String> topics,
            Path notifications,
            Supplier<EventBus> bus) {
        this.lambda = lambda;
        this.permissions = permissions;
        this.keys = keys;
        this.dynamoDb = dynamoDb;
        this.topics = Set.copyOf(topics);
        this.notifications = new JsonLines(notifications);
        this.bus = bus;
    }

    @Override
    public Set<String> resources() {
        return ARGUMENTS.keySet();
    }

    /** What functions took in an execution, in the order they ended. */
    List<Measured> measured(String executionArn) {
        return measured.stream().filter(each -> each.executionArn().equals(executionArn)).toList();
    }

    @Override
    public JsonNode run(TaskCall call) throws InterruptedException {
        return run(call, () -> {});
    }

    @Override
    public JsonNode run(TaskCall call, Runnable begun) throws InterruptedException {
        checkArguments(call);
        if (call.resource().equals(LAMBDA)) {
            return invoke(call, begun);
        }
        begun.run();
        return switch (call.resource()) {
            case UPDATE_ITEM -> updateItem(call.arguments());
            case PUBLISH -> publish(call.arguments());
            case PUT_EVENTS -> putEvents(call);
            default -> throw new IllegalArgumentException(call.resource());
        };
    }

    /** Step Functions refuses what it doesn't know, and here nothing is passed over in silence. */
    private static void checkArguments(TaskCall call) {
        Set<String> known = ARGUMENTS.getOrDefault(call.resource(), Set.of());
        for (String name : call.arguments().propertyNames()) {
            if (!known.contains(name)) {
                throw new UnsupportedOperationException(
                        "the local cloud does not implement the argument %s of %s; it knows %s"
                                .formatted(name, call.resource(), new TreeSet<>(known)));
            }
        }
    }

    private JsonNode invoke(TaskCall call, Runnable begun) throws InterruptedException {
        String function = call.arguments().path("FunctionName").asString("");
        check("Lambda.AWSLambdaException", Call.of("lambda:InvokeFunction", function));
        JsonNode event = call.arguments().path("Payload");
        Invocation invocation = invoke(function, event, begun);
        measured.add(new Measured(call.executionArn(), call.state(), event, invocation.report()));
        return switch (invocation) {
            case Invocation.Returned returned ->
                    Json.toTree(
                            Map.of(
                                    "ExecutedVersion",
                                    VERSION.matcher(function).matches()
                                            ? function.substring(function.lastIndexOf(':') + 1)
                                            : "$LATEST",
                                    "StatusCode",
                                    200,
                                    "Payload",
                                    answer(function, returned.payload())));
            case Invocation.FunctionError failed ->
                    throw new TaskFailedException(
                            failed.errorType(), new String(failed.body(), StandardCharsets.UTF_8));
        };
    }

    /**
     * What Lambda's API refuses or can't do has the API's names, so that Retry and Catch see it.
     */
    private Invocation invoke(String function, JsonNode event, Runnable begun)
            throws InterruptedException {
        try {
            return lambda.invoke(function, Json.write(event), begun);
        } catch (UnknownFunctionException missing) {
            throw failed("Lambda.ResourceNotFoundException", missing);
        } catch (PayloadTooLargeException tooLarge) {
            throw failed("Lambda.RequestEntityTooLargeException", tooLarge);
        } catch (UncheckedIOException noWorker) {
            throw failed("Lambda.Unknown", noWorker); // tried once more, not for half a minute
        }
    }

    /**
     * Nobody can say what went wrong in a function that returns no JSON: {@code Lambda.Unknown}.
     */
    private static JsonNode answer(String function, byte[] payload) {
        try {
            return Json.tree("answer of " + function, payload);
        } catch (MalformedJsonException broken) {
            throw failed("Lambda.Unknown", broken);
        }
    }

    private static TaskFailedException failed(String error, RuntimeException failure) {
        TaskFailedException named =
                new TaskFailedException(error, String.valueOf(failure.getMessage()));
        named.initCause(failure);
        return named;
    }

    /**
     * Where AWS would refuse the state machine's role.
     *
     * @param error as whose error Step Functions would say so
     */
    private void check(String error, Call call) {
        try {
            permissions.check(keys.accessKey(), call);
        } catch (AccessDeniedException denied) {
            throw failed(error, denied);
        }
    }

    /** A task's arguments are the API's own request. The server asks for the permission. */
    private JsonNode updateItem(JsonNode arguments) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(dynamoDb)
                        .header("Content-Type", "application/x-amz-json-1.0")
                        .header("X-Amz-Target", "DynamoDB_20120810.UpdateItem")
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local"
                                        .formatted(keys.accessKey()))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(arguments)))
                        .build();
        try {
            HttpResponse<byte[]> response =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = Json.tree("answer of DynamoDB", response.body());
            if (response.statusCode() == 200) {
                return body;
            }
            String type = body.path("__type").asString("");
            throw new TaskFailedException(
                    "DynamoDb." + type.substring(type.indexOf('#') + 1),
                    new String(response.body(), StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new TaskFailedException(
                    "DynamoDb.SdkClientException", String.valueOf(failed.getMessage()));
        }
    }

    /** There is nobody to mail here: notifications are kept in a file. */
    private JsonNode publish(JsonNode arguments) {
        checkMessage(arguments);
        check(
                "SNS.AuthorizationErrorException",
                Call.of("sns:Publish", arguments.path("TopicArn").asString("")));
        try {
            notifications.append(arguments);
            return Json.toTree(Map.of("MessageId", UUID.randomUUID().toString()));
        } catch (UncheckedIOException failed) {
            throw failed("Sns.SdkClientException", failed);
        }
    }

    /**
     * As Step Functions does it: both ARNs are among the event's resources, and an answer that
     * counts failed entries is an error, though the others were taken. Source: AWS Step Functions
     * Developer Guide, "Add EventBridge events with Step Functions".
     */
    private JsonNode putEvents(TaskCall call) {
        EventBus.calls(call.arguments())
                .forEach(each -> check("EventBridge.AccessDeniedException", each));
        try {
            JsonNode answer =
                    bus.get()
                            .putEvents(
                                    call.arguments(),
                                    List.of(call.executionArn(), machineArn(call.executionArn())));
            if (answer.path("FailedEntryCount").asInt(0) > 0) {
                throw new TaskFailedException(
                        "EventBridge.FailedEntry",
                        new String(Json.write(answer), StandardCharsets.UTF_8));
            }
            return answer;
        } catch (RefusedRequestException refused) {
            throw failed("EventBridge." + refused.code(), refused);
        } catch (UncheckedIOException broken) {
            throw failed("EventBridge.SdkClientException", broken);
        }
    }

    private static String machineArn(String executionArn) {
        return executionArn
                .replaceFirst(":execution:", ":stateMachine:")
                .replaceFirst(":[^:]*$", "");
    }

    private void checkMessage(JsonNode arguments) {
        String topic = arguments.path("TopicArn").asString("");
        if (!topics.contains(topic)) {
            throw new TaskFailedException(
                    "Sns.NotFoundException", "Topic does not exist: '%s'".formatted(topic));
        }
        String subject = arguments.path("Subject").asString("");
        if (subject.length() > LONGEST_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw new TaskFailedException(
                    "Sns.InvalidParameterException",
                    "Invalid parameter: Subject has %d characters, at most %d without line breaks: '%s'"
                            .formatted(subject.length(), LONGEST_SUBJECT, subject));
        }
        int bytes = arguments.path("Message").asString("").getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LARGEST_MESSAGE) {
            throw new TaskFailedException(
                    "Sns.InvalidParameterException",
                    "Invalid parameter: Message has %d bytes, 1 to %d are allowed"
                            .formatted(bytes, LARGEST_MESSAGE));
        }
    }
}

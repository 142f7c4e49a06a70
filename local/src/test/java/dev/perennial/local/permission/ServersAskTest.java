package dev.perennial.local.permission;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.local.aws.Clients;
import dev.perennial.local.aws.DynamoDbServer;
import dev.perennial.local.aws.ObjectListener;
import dev.perennial.local.aws.S3Server;
import dev.perennial.local.event.EventBridgeServer;
import dev.perennial.local.event.EventBus;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.permission.Statement.Condition;
import dev.perennial.local.permission.Statement.Effect;
import dev.perennial.local.permission.Statement.Operator;
import dev.perennial.local.queue.SqsGate;
import dev.perennial.local.queue.SqsServer;
import dev.perennial.local.template.BucketResource;
import dev.perennial.local.template.QueueResource;
import dev.perennial.local.template.TableResource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Each server does what a member's policies allow, and answers anything else as AWS would. */
class ServersAskTest {
    private static final String BUCKET = "perennial-bucket";
    private static final String TABLE = "perennial-Table";
    private static final String TABLE_ARN =
            "arn:aws:dynamodb:us-east-1:000000000000:table/" + TABLE;
    private static final List<TableResource> TABLES =
            List.of(
                    new TableResource(
                            "Table",
                            List.of(new TableResource.Attribute("pk", "S")),
                            List.of(new TableResource.Key("pk", "HASH"))));

    @TempDir Path folder;
    private final Credentials owner = Credentials.random();

    private Permissions of(Statement... statements) {
        return new Permissions(
                "000000000000",
                "perennial",
                owner,
                List.of(new Permissions.Member("F", "perennial-F", List.of(statements))),
                _ -> {});
    }

    private static Statement allow(List<String> actions, String resource, Condition... conditions) {
        return new Statement(
                "t.yaml:1", Effect.ALLOW, actions, List.of(resource), List.of(conditions));
    }

    private static void assertDenied(String code, String action, Executable call) {
        AwsServiceException denied = assertThrows(AwsServiceException.class, call);
        assertEquals(code, denied.awsErrorDetails().errorCode(), denied::toString);
        assertTrue(
                denied.awsErrorDetails()
                        .errorMessage()
                        .contains("is not authorized to perform: " + action + " on resource: "),
                denied::toString);
    }

    @Test
    void s3() throws Exception {
        Permissions permissions =
                of(
                        allow(
                                List.of("s3:GetObject", "s3:PutObject"),
                                "arn:aws:s3:::%s/runs/*".formatted(BUCKET)),
                        allow(
                                List.of("s3:ListBucket"),
                                "arn:aws:s3:::" + BUCKET,
                                new Condition(
                                        Operator.STRING_LIKE, "s3:prefix", List.of("runs/*"))));
        try (S3Server server =
                        S3Server.start(
                                folder,
                                permissions,
                                List.of(new BucketResource("Bucket", false)),
                                ObjectListener.NONE);
                S3Client s3 = Clients.s3(server.endpoint(), permissions.credentials("F"));
                S3Client owners = Clients.s3(server.endpoint(), owner)) {
            s3.putObject(
                    put -> put.bucket(BUCKET).key("runs/1").ifNoneMatch("*"),
                    RequestBody.fromString("a"));
            owners.putObject(
                    put -> put.bucket(BUCKET).key("models/1"), RequestBody.fromString("b"));

            assertEquals(
                    "a",
                    s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("runs/1")).asUtf8String());
            assertEquals(
                    1, s3.listObjectsV2(list -> list.bucket(BUCKET).prefix("runs/")).keyCount());
            assertDenied(
                    "AccessDenied",
                    "s3:GetObject",
                    () -> s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("models/1")));
            assertDenied(
                    "AccessDenied",
                    "s3:PutObject",
                    () ->
                            s3.putObject(
                                    put -> put.bucket(BUCKET).key("models/1"),
                                    RequestBody.fromString("c")));
            assertDenied(
                    "AccessDenied",
                    "s3:DeleteObject",
                    () -> s3.deleteObject(delete -> delete.bucket(BUCKET).key("runs/1")));
            assertDenied(
                    "AccessDenied",
                    "s3:ListBucket",
                    () -> s3.listObjectsV2(list -> list.bucket(BUCKET).prefix("models/")));
            AwsServiceException bucket =
                    assertThrows(
                            AwsServiceException.class,
                            () -> s3.deleteBucket(delete -> delete.bucket(BUCKET)));
            assertEquals(403, bucket.statusCode());
            // Missing: forbidden, since the bucket as a whole may not be listed.
            AwsServiceException missing =
                    assertThrows(
                            AwsServiceException.class,
                            () -> s3.getObjectAsBytes(get -> get.bucket(BUCKET).key("runs/2")));
            assertEquals(403, missing.statusCode());
            assertThrows(
                    NoSuchKeyException.class,
                    () -> owners.getObjectAsBytes(get -> get.bucket(BUCKET).key("runs/2")));
        }
    }

    @Test
    void dynamoDb() throws Exception {
        Permissions permissions =
                of(allow(List.of("dynamodb:GetItem", "dynamodb:PutItem"), TABLE_ARN));
        Map<String, AttributeValue> key = Map.of("pk", AttributeValue.fromS("a"));
        try (DynamoDbServer server = DynamoDbServer.start(folder, permissions, TABLES);
                DynamoDbClient dynamo =
                        Clients.dynamoDb(server.endpoint(), permissions.credentials("F"));
                DynamoDbClient stranger =
                        Clients.dynamoDb(server.endpoint(), Credentials.random())) {
            dynamo.putItem(put -> put.tableName(TABLE).item(key));
            dynamo.transactWriteItems(write -> write.transactItems(List.of(put(key))));

            assertEquals(key, dynamo.getItem(get -> get.tableName(TABLE).key(key)).item());
            assertDenied(
                    "AccessDeniedException",
                    "dynamodb:DeleteItem",
                    () -> dynamo.deleteItem(delete -> delete.tableName(TABLE).key(key)));
            assertDenied(
                    "AccessDeniedException",
                    "dynamodb:ConditionCheckItem",
                    () ->
                            dynamo.transactWriteItems(
                                    write -> write.transactItems(List.of(put(key), check(key)))));
            assertDenied(
                    "AccessDeniedException",
                    "dynamodb:GetItem",
                    () -> dynamo.getItem(get -> get.tableName("another").key(key)));
            assertThrows(
                    AwsServiceException.class,
                    () -> stranger.getItem(get -> get.tableName(TABLE).key(key)));
        }
    }

    private static TransactWriteItem put(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder().put(put -> put.tableName(TABLE).item(item)).build();
    }

    private static TransactWriteItem check(Map<String, AttributeValue> key) {
        return TransactWriteItem.builder()
                .conditionCheck(check ->
                        check.tableName(TABLE).key(key).conditionExpression("attribute_exists(pk)"))
                .build();
    }

    @Test
    void sqs() {
        QueueResource open =
                new QueueResource("Open", Duration.ZERO, Duration.ZERO, Optional.empty());
        QueueResource closed =
                new QueueResource("Closed", Duration.ZERO, Duration.ZERO, Optional.empty());
        Permissions permissions = of(allow(List.of("sqs:SendMessage"), open.arn()));
        try (SqsServer server =
                        SqsServer.start(
                                folder,
                                new Incidents(
                                        folder.resolve("incidents.jsonl"), InstantSource.system()),
                                owner,
                                List.of(open, closed),
                                InstantSource.system());
                SqsGate gate = SqsGate.open(server.endpoint(), permissions);
                SqsClient sqs = Clients.sqs(gate.endpoint(), permissions.credentials("F"))) {
            sqs.sendMessage(send -> send.queueUrl(open.url()).messageBody("ä"));
            sqs.sendMessageBatch(send ->
                    send.queueUrl(open.url())
                            .entries(
                                    List.of(
                                            SendMessageBatchRequestEntry.builder()
                                                    .id("1")
                                                    .messageBody("b")
                                                    .build())));

            assertEquals(2, server.messages(open.arn()));
            assertDenied(
                    "AccessDenied",
                    "sqs:SendMessage",
                    () -> sqs.sendMessage(send -> send.queueUrl(closed.url()).messageBody("c")));
            assertDenied(
                    "AccessDenied",
                    "sqs:ReceiveMessage",
                    () -> sqs.receiveMessage(receive -> receive.queueUrl(open.url())));
            assertEquals(0, server.messages(closed.arn()));
        }
    }

    @Test
    void eventBridge() {
        Permissions permissions =
                of(
                        allow(
                                List.of("events:PutEvents"),
                                "arn:aws:events:us-east-1:000000000000:event-bus/default",
                                new Condition(
                                        Operator.STRING_EQUALS,
                                        "events:source",
                                        List.of("perennial"))));
        try (EventBridgeServer server =
                        EventBridgeServer.start(
                                EventBus.withoutRules(
                                        folder.resolve("events.jsonl"), InstantSource.system()),
                                permissions);
                EventBridgeClient events =
                        Clients.eventBridge(server.endpoint(), permissions.credentials("F"))) {
            assertDoesNotThrow(() -> events.putEvents(put -> put.entries(event("perennial"))));
            assertDenied(
                    "AccessDeniedException",
                    "events:PutEvents",
                    () ->
                            events.putEvents(
                                    put -> put.entries(event("perennial"), event("somebody"))));
        }
    }

    private static PutEventsRequestEntry event(String source) {
        return PutEventsRequestEntry.builder()
                .source(source)
                .detailType("test")
                .detail("{}")
                .build();
    }
}

package dev.perennial.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The one DynamoDB table, with keys {@code pk} and {@code sk}. Reads are consistent. */
final class RegistryTable {
    /** What the template's TimeToLiveSpecification names: seconds since 1970. */
    static final String EXPIRES_AT = "expiresAt";

    /**
     * Each failed attempt means that another writer succeeded, so this many writers may start at
     * once.
     */
    static final int MAX_ATTEMPTS = 1_000;

    private final DynamoDbClient dynamo;
    private final String name;

    RegistryTable(DynamoDbClient dynamo, String name) {
        this.dynamo = dynamo;
        this.name = name;
    }

    Optional<Map<String, AttributeValue>> item(String partition, String sort) {
        var response =
                AwsCall.of(
                        "reading %s of %s".formatted(sort, partition),
                        () ->
                                dynamo.getItem(get ->
                                        get.tableName(name)
                                                .key(key(partition, sort))
                                                .consistentRead(true)));
        return response.hasItem() ? Optional.of(response.item()) : Optional.empty();
    }

    /** All items of a partition whose sort key begins so, in its order. */
    List<Map<String, AttributeValue>> query(String partition, String sortPrefix) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":pk", text(partition)));
        if (!sortPrefix.isEmpty()) {
            values.put(":prefix", text(sortPrefix));
        }
        String condition =
                sortPrefix.isEmpty() ? "pk = :pk" : "pk = :pk AND begins_with(sk, :prefix)";
        return AwsCall.of(
                "listing " + partition,
                () ->
                        dynamo.queryPaginator(query(condition, values).build()).items().stream()
                                .toList());
    }

    /**
     * Items whose sort keys lie within bounds, in their order.
     *
     * @param above exclusive
     * @param most at most so many
     */
    List<Map<String, AttributeValue>> between(
            String partition, String above, String upTo, int most) {
        Map<String, AttributeValue> values =
                Map.of(":pk", text(partition), ":above", text(above + '\0'), ":upTo", text(upTo));
        return list(partition, query("pk = :pk AND sk BETWEEN :above AND :upTo", values), most);
    }

    /** The last items whose sort key begins so, in falling order, at most so many. */
    List<Map<String, AttributeValue>> newest(String partition, String sortPrefix, int most) {
        Map<String, AttributeValue> values =
                Map.of(":pk", text(partition), ":prefix", text(sortPrefix));
        return list(
                partition,
                query("pk = :pk AND begins_with(sk, :prefix)", values).scanIndexForward(false),
                most);
    }

    private List<Map<String, AttributeValue>> list(
            String partition, QueryRequest.Builder query, int most) {
        return AwsCall.of(
                "listing " + partition,
                () ->
                        dynamo.queryPaginator(query.limit(most).build()).items().stream()
                                .limit(most)
                                .toList());
    }

    private QueryRequest.Builder query(String condition, Map<String, AttributeValue> values) {
        return QueryRequest.builder()
                .tableName(name)
                .keyConditionExpression(condition)
                .expressionAttributeValues(values)
                .consistentRead(true);
    }

    TransactWriteItem put(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder().put(put -> put.tableName(name).item(item)).build();
    }

    /** Writes an item that is not there yet. */
    TransactWriteItem create(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put ->
                        put.tableName(name)
                                .item(item)
                                .conditionExpression("attribute_not_exists(pk)"))
                .build();
    }

    /**
     * Writes an item if the one in its place still has a revision.
     *
     * @param expected 0: there is none
     */
    TransactWriteItem replace(Map<String, AttributeValue> item, long expected) {
        return expected == 0
                ? create(item)
                : TransactWriteItem.builder()
                        .put(put ->
                                put.tableName(name)
                                        .item(item)
                                        .conditionExpression("revision = :expected")
                                        .expressionAttributeValues(
                                                Map.of(":expected", number(expected))))
                        .build();
    }

    TransactWriteItem mustExist(Map<String, AttributeValue> key) {
        return TransactWriteItem.builder()
                .conditionCheck(check ->
                        check.tableName(name).key(key).conditionExpression("attribute_exists(pk)"))
                .build();
    }

    /** Moves a partition's counter on by one, if it still says {@code latest}. */
    TransactWriteItem count(String partition, long latest) {
        return TransactWriteItem.builder()
                .update(update ->
                        update.tableName(name)
                                .key(key(partition, "COUNTER"))
                                .updateExpression("SET latest = :next")
                                .conditionExpression(
                                        latest == 0
                                                ? "attribute_not_exists(latest)"
                                                : "latest = :latest")
                                .expressionAttributeValues(
                                        latest == 0
                                                ? Map.of(":next", number(1))
                                                : Map.of(
                                                        ":next",
                                                        number(latest + 1),
                                                        ":latest",
                                                        number(latest))))
                .build();
    }

    /** The highest number that a partition's counter gave away; 0: none. */
    long latest(String partition) {
        return item(partition, "COUNTER").map(item -> number(item, "latest")).orElse(0L);
    }

    /** False where a condition failed or another transaction was at the same items. */
    boolean transact(String what, TransactWriteItem... items) {
        try {
            AwsCall.of(what, () -> dynamo.transactWriteItems(write -> write.transactItems(items)));
            return true;
        } catch (TransactionCanceledException cancelled) {
            for (CancellationReason reason : cancelled.cancellationReasons()) {
                switch (reason.code()) {
                    case "None", "ConditionalCheckFailed", "TransactionConflict" -> {}
                    default -> throw new StoreUnavailableException(what, cancelled);
                }
            }
            return false;
        }
    }

    /** Writes without a condition, however many others are at the same items. */
    void write(String what, TransactWriteItem... items) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (transact(what, items)) {
                return;
            }
        }
        throw tooManyWriters(what);
    }

    TransactWriteItem delete(Map<String, AttributeValue> key) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(name).key(key))
                .build();
    }

    static StoreUnavailableException tooManyWriters(String what) {
        return new StoreUnavailableException(
                what, new IllegalStateException("too many writers at once"));
    }

    static Map<String, AttributeValue> key(String partition, String sort) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put("pk", text(partition));
        key.put("sk", text(sort));
        return key;
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    /**
     * Has DynamoDB delete an item some days after this time (the table's time to live). Versions,
     * aliases and runs never expire; what only grows does.
     */
    static Map<String, AttributeValue> expiring(Map<String, AttributeValue> item, Duration after) {
        item.put(EXPIRES_AT, number(Instant.now().plus(after).getEpochSecond()));
        return item;
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    static AttributeValue json(Object value) {
        return text(new String(Json.write(value), StandardCharsets.UTF_8));
    }

    /** What {@link #json} wrote as the item's {@code record}. */
    static <T> T recorded(Map<String, AttributeValue> item, Class<T> type) {
        return Json.read(
                text(item, "sk"), text(item, "record").getBytes(StandardCharsets.UTF_8), type);
    }

    static long number(Map<String, AttributeValue> item, String attribute) {
        return Long.parseLong(present(item.get(attribute), attribute).n());
    }

    static String text(Map<String, AttributeValue> item, String attribute) {
        return present(item.get(attribute), attribute).s();
    }

    private static AttributeValue present(@Nullable AttributeValue value, String attribute) {
        if (value == null) {
            throw new IllegalStateException(
                    "a registry item lacks '%s'; it was changed by hand".formatted(attribute));
        }
        return value;
    }
}

package dev.perennial.aws;

import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.feature.OnlineRow.Version;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.store.AtOnce;
import dev.perennial.core.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The newest row of each entity, one item each. Values are one JSON text: a DynamoDB number holds
 * neither all of a double's digits nor its range.
 */
public final class DynamoDbOnlineStore implements OnlineStore {
    private static final String ENTITY = "entity";
    private static final String VERSION = "version";
    private static final String AT = "at";
    private static final String VALUES = "features";

    /** DynamoDB's limit. */
    private static final int MOST_KEYS = 100;

    private static final int MOST_ATTEMPTS = 5;

    /** In nanoseconds. */
    private static final long FIRST_PAUSE = 10_000_000;

    private final DynamoDbClient dynamo;
    private final String table;

    public DynamoDbOnlineStore(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    @Override
    public int put(String view, List<OnlineRow> rows) {
        return (int) AtOnce.map(rows, row -> put(view, row)).stream().filter(put -> put).count();
    }

    private boolean put(String view, OnlineRow row) {
        Map<String, AttributeValue> item = new HashMap<>(key(view, row.key()));
        item.put(VERSION, AttributeValue.fromS(row.version().text()));
        item.put(AT, AttributeValue.fromS(row.at().toString()));
        item.put(VALUES, AttributeValue.fromS(values(row)));
        row.expiresAt()
                .ifPresent(end ->
                        item.put(
                                RegistryTable.EXPIRES_AT,
                                RegistryTable.number(end.getEpochSecond())));
        try {
            AwsCall.of(
                    "putting a row of " + view + " online",
                    () ->
                            dynamo.putItem(put ->
                                    put.tableName(table)
                                            .item(item)
                                            .conditionExpression(
                                                    "attribute_not_exists(#v) OR #v <= :v")
                                            .expressionAttributeNames(Map.of("#v", VERSION))
                                            .expressionAttributeValues(
                                                    Map.of(":v", item.get(VERSION)))));
            return true;
        } catch (ConditionalCheckFailedException older) {
            return false;
        }
    }

    private static String values(OnlineRow row) {
        ObjectNode values = (ObjectNode) Json.toTree(Map.of());
        row.values()
                .forEach((column, value) -> {
                    switch (value) {
                        case null -> values.putNull(column);
                        case Double number -> values.put(column, number);
                        case String text -> values.put(column, text);
                        default ->
                                throw new IllegalArgumentException(
                                        "%s is no number and no text".formatted(column));
                    }
                });
        return new String(Json.write(values), StandardCharsets.UTF_8);
    }

    @Override
    public Map<EntityKey, OnlineRow> get(String view, Collection<EntityKey> keys) {
        List<EntityKey> distinct = keys.stream().distinct().toList();
        List<List<EntityKey>> groups = new ArrayList<>();
        for (int from = 0; from < distinct.size(); from += MOST_KEYS) {
            groups.add(distinct.subList(from, Math.min(distinct.size(), from + MOST_KEYS)));
        }
        Map<EntityKey, OnlineRow> rows = new LinkedHashMap<>();
        AtOnce.map(groups, group -> group(view, group)).forEach(rows::putAll);
        return rows;
    }

    private Map<EntityKey, OnlineRow> group(String view, List<EntityKey> keys) {
        Map<String, EntityKey> wanted = new HashMap<>();
        keys.forEach(key -> wanted.put(entity(view, key), key));
        Map<EntityKey, OnlineRow> rows = new HashMap<>();
        Map<String, KeysAndAttributes> ask =
                Map.of(
                        table,
                        KeysAndAttributes.builder()
                                .keys(keys.stream().map(key -> key(view, key)).toList())
                                .build());
        for (int attempt = 0; !ask.isEmpty(); attempt++) {
            if (attempt == MOST_ATTEMPTS) {
                throw new StoreUnavailableException(
                        "looking up rows of " + view,
                        new IllegalStateException("DynamoDB left keys unprocessed"));
            }
            pause(attempt);
            Map<String, KeysAndAttributes> asked = ask;
            BatchGetItemResponse response =
                    AwsCall.of(
                            "looking up rows of " + view,
                            () -> dynamo.batchGetItem(get -> get.requestItems(asked)));
            response.responses()
                    .getOrDefault(table, List.of())
                    .forEach(item -> {
                        EntityKey key =
                                Objects.requireNonNull(
                                        wanted.get(RegistryTable.text(item, ENTITY)));
                        rows.put(key, row(key, item));
                    });
            ask = response.unprocessedKeys();
        }
        return rows;
    }

    /** DynamoDB leaves keys unprocessed where it is busy; asking again at once keeps it so. */
    private static void pause(int attempt) {
        if (attempt > 0) {
            long most = FIRST_PAUSE << attempt;
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 2, most));
        }
    }

    private static OnlineRow row(EntityKey key, Map<String, AttributeValue> item) {
        JsonNode json =
                Json.tree(
                        "features of " + RegistryTable.text(item, ENTITY),
                        RegistryTable.text(item, VALUES).getBytes(StandardCharsets.UTF_8));
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        json.propertyStream()
                .forEach(value ->
                        values.put(
                                value.getKey(),
                                value.getValue().isNull()
                                        ? null
                                        : value.getValue().isNumber()
                                                ? (Object) value.getValue().doubleValue()
                                                : value.getValue().stringValue()));
        return new OnlineRow(
                key,
                Instant.parse(RegistryTable.text(item, AT)),
                new Version(RegistryTable.text(item, VERSION)),
                values,
                Optional.ofNullable(item.get(RegistryTable.EXPIRES_AT))
                        .map(end -> Instant.ofEpochSecond(Long.parseLong(end.n()))));
    }

    private static Map<String, AttributeValue> key(String view, EntityKey key) {
        return Map.of(ENTITY, AttributeValue.fromS(entity(view, key)));
    }

    private static String entity(String view, EntityKey key) {
        return view + key.text();
    }
}

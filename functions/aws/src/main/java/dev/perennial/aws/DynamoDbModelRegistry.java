package dev.perennial.aws;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.registry.StaleAliasException;
import dev.perennial.core.registry.UnknownVersionException;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The registry in one DynamoDB table with keys {@code pk} and {@code sk}. A pipeline's items share
 * the partition {@code PIPELINE#name}:
 *
 * <pre>
 * COUNTER                        latest: the highest number given away
 * VERSION#0000000001             version, run, record (JSON)
 * REGISTERED#run                 version: makes registering idempotent
 * ALIAS#champion                 version, revision, record (JSON)
 * HISTORY#champion#0000000001    record (JSON), one per revision
 * RUN#run                        status, startedAt, version, reason, report, costUsd
 * </pre>
 *
 * The partition {@code PIPELINES} lists their names.
 */
public final class DynamoDbModelRegistry implements ModelRegistry {
    /**
     * Each failed attempt means that another writer succeeded, so this many writers may start at
     * once.
     */
    private static final int MAX_ATTEMPTS = 1_000;

    private final DynamoDbClient dynamo;
    private final String table;

    public DynamoDbModelRegistry(DynamoDbClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    @Override
    public ModelVersion register(String pipeline, String run, IntFunction<ModelVersion> describe) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<ModelVersion> earlier = registeredBy(pipeline, run);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            int latest = item(pipeline, "COUNTER").map(item -> number(item, "latest")).orElse(0);
            ModelVersion version = describe.apply(latest + 1);
            if (tryRegister(version, latest)) {
                return version;
            }
        }
        throw tooManyWriters("registering %s's model".formatted(run));
    }

    private static StoreUnavailableException tooManyWriters(String what) {
        return new StoreUnavailableException(
                what, new IllegalStateException("too many writers at once"));
    }

    private Optional<ModelVersion> registeredBy(String pipeline, String run) {
        return item(pipeline, "REGISTERED#" + run)
                .flatMap(marker -> version(pipeline, number(marker, "version")));
    }

    private boolean tryRegister(ModelVersion version, int latest) {
        String pipeline = version.pipeline();
        Map<String, AttributeValue> item = key(pipeline, versionKey(version.version()));
        item.put("version", number(version.version()));
        item.put("run", text(version.run()));
        item.put("record", json(version));
        Map<String, AttributeValue> marker = key(pipeline, "REGISTERED#" + version.run());
        marker.put("version", number(version.version()));
        return transact(
                "registering version %d of %s".formatted(version.version(), pipeline),
                TransactWriteItem.builder()
                        .update(update ->
                                update.tableName(table)
                                        .key(key(pipeline, "COUNTER"))
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
                        .build(),
                create(item),
                create(marker),
                listPipeline(pipeline));
    }

    @Override
    public Optional<ModelVersion> version(String pipeline, int version) {
        return item(pipeline, versionKey(version)).map(item -> record(item, ModelVersion.class));
    }

    @Override
    public List<ModelVersion> versions(String pipeline) {
        return query(pipeline, "VERSION#").stream()
                .map(item -> record(item, ModelVersion.class))
                .toList();
    }

    @Override
    public Optional<Alias> alias(String pipeline, String name) {
        return item(pipeline, "ALIAS#" + name).map(item -> record(item, Alias.class));
    }

    @Override
    public List<Alias> history(String pipeline, String name) {
        return query(pipeline, "HISTORY#" + name + "#").stream()
                .map(item -> record(item, Alias.class))
                .toList();
    }

    @Override
    public Alias point(
            String pipeline,
            String name,
            int version,
            int expectedRevision,
            Instant at,
            String by,
            String run,
            String reason) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Alias> present = alias(pipeline, name);
            if (present.isPresent() && isSame(present.get(), version, run)) {
                return present.get();
            }
            if (present.map(Alias::revision).orElse(0) != expectedRevision) {
                throw new StaleAliasException(pipeline, name, expectedRevision);
            }
            Alias alias =
                    new Alias(
                            pipeline,
                            name,
                            version,
                            expectedRevision + 1,
                            present.map(Alias::version).orElse(0),
                            at,
                            by,
                            run,
                            reason);
            if (tryPoint(alias)) {
                return alias;
            }
            if (version(pipeline, version).isEmpty()) {
                throw new UnknownVersionException(pipeline, version);
            }
        }
        throw tooManyWriters("pointing %s of %s".formatted(name, pipeline));
    }

    private boolean tryPoint(Alias alias) {
        String pipeline = alias.pipeline();
        String name = alias.name();
        int version = alias.version();
        int expectedRevision = alias.revision() - 1;
        Map<String, AttributeValue> item = key(pipeline, "ALIAS#" + name);
        item.put("version", number(version));
        item.put("revision", number(alias.revision()));
        item.put("record", json(alias));
        Map<String, AttributeValue> change =
                key(pipeline, "HISTORY#%s#%010d".formatted(name, alias.revision()));
        change.put("record", json(alias));
        return transact(
                "pointing %s of %s to version %d".formatted(name, pipeline, version),
                TransactWriteItem.builder()
                        .put(put ->
                                put.tableName(table)
                                        .item(item)
                                        .conditionExpression(
                                                expectedRevision == 0
                                                        ? "attribute_not_exists(pk)"
                                                        : "revision = :expected")
                                        .expressionAttributeValues(
                                                expectedRevision == 0
                                                        ? null
                                                        : Map.of(
                                                                ":expected",
                                                                number(expectedRevision))))
                        .build(),
                create(change),
                TransactWriteItem.builder()
                        .conditionCheck(check ->
                                check.tableName(table)
                                        .key(key(pipeline, versionKey(version)))
                                        .conditionExpression("attribute_exists(pk)"))
                        .build());
    }

    private static boolean isSame(Alias alias, int version, String run) {
        return alias.version() == version && alias.run().equals(run);
    }

    @Override
    public void record(RunRecord run) {
        Map<String, AttributeValue> item = key(run.pipeline(), "RUN#" + run.run());
        item.put("pipeline", text(run.pipeline()));
        item.put("run", text(run.run()));
        item.put("status", text(run.status().name()));
        item.put("startedAt", text(run.startedAt().toString()));
        run.version().ifPresent(version -> item.put("version", number(version)));
        item.put("reason", text(run.reason()));
        run.report().ifPresent(report -> item.put("report", json(report)));
        item.put("costUsd", AttributeValue.fromN(Double.toString(run.costUsd())));
        String what = "recording run " + run.run();
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (transact(
                    what,
                    TransactWriteItem.builder().put(put -> put.tableName(table).item(item)).build(),
                    listPipeline(run.pipeline()))) {
                return;
            }
        }
        throw tooManyWriters(what);
    }

    @Override
    public Optional<RunRecord> run(String pipeline, String run) {
        return item(pipeline, "RUN#" + run).map(DynamoDbModelRegistry::runRecord);
    }

    @Override
    public List<RunRecord> runs(String pipeline) {
        return query(pipeline, "RUN#").stream().map(DynamoDbModelRegistry::runRecord).toList();
    }

    private static RunRecord runRecord(Map<String, AttributeValue> item) {
        AttributeValue version = item.get("version");
        AttributeValue report = item.get("report");
        AttributeValue cost = item.get("costUsd");
        return new RunRecord(
                text(item, "pipeline"),
                text(item, "run"),
                RunStatus.valueOf(text(item, "status")),
                Instant.parse(text(item, "startedAt")),
                version == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(Integer.parseInt(version.n())),
                text(item, "reason"),
                report == null
                        ? Optional.empty()
                        : Optional.of(
                                Json.read("report of a run", bytes(report.s()), ArtifactRef.class)),
                cost == null ? 0 : Double.parseDouble(cost.n()));
    }

    @Override
    public List<String> pipelines() {
        return queryPartition("PIPELINES", "").stream().map(item -> text(item, "sk")).toList();
    }

    private TransactWriteItem create(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put ->
                        put.tableName(table)
                                .item(item)
                                .conditionExpression("attribute_not_exists(pk)"))
                .build();
    }

    private TransactWriteItem listPipeline(String pipeline) {
        return TransactWriteItem.builder()
                .put(put ->
                        put.tableName(table)
                                .item(Map.of("pk", text("PIPELINES"), "sk", text(pipeline))))
                .build();
    }

    /** False where a condition failed or another transaction was at the same items. */
    private boolean transact(String what, TransactWriteItem... items) {
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

    private Optional<Map<String, AttributeValue>> item(String pipeline, String sort) {
        var response =
                AwsCall.of(
                        "reading %s of %s".formatted(sort, pipeline),
                        () ->
                                dynamo.getItem(get ->
                                        get.tableName(table)
                                                .key(key(pipeline, sort))
                                                .consistentRead(true)));
        return response.hasItem() ? Optional.of(response.item()) : Optional.empty();
    }

    private List<Map<String, AttributeValue>> query(String pipeline, String sortPrefix) {
        return queryPartition("PIPELINE#" + pipeline, sortPrefix);
    }

    private List<Map<String, AttributeValue>> queryPartition(String partition, String sortPrefix) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":pk", text(partition)));
        if (!sortPrefix.isEmpty()) {
            values.put(":prefix", text(sortPrefix));
        }
        String condition =
                sortPrefix.isEmpty() ? "pk = :pk" : "pk = :pk AND begins_with(sk, :prefix)";
        return AwsCall.of(
                "listing " + partition,
                () ->
                        dynamo
                                .queryPaginator(query ->
                                        query.tableName(table)
                                                .keyConditionExpression(condition)
                                                .expressionAttributeValues(values)
                                                .consistentRead(true))
                                .items()
                                .stream()
                                .toList());
    }

    private static Map<String, AttributeValue> key(String pipeline, String sort) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put("pk", text("PIPELINE#" + pipeline));
        key.put("sk", text(sort));
        return key;
    }

    private static String versionKey(int version) {
        return "VERSION#%010d".formatted(version);
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue number(int value) {
        return AttributeValue.fromN(Integer.toString(value));
    }

    private static AttributeValue json(Object value) {
        return text(new String(Json.write(value), StandardCharsets.UTF_8));
    }

    private static <T> T record(Map<String, AttributeValue> item, Class<T> type) {
        return Json.read(text(item, "sk"), bytes(text(item, "record")), type);
    }

    private static int number(Map<String, AttributeValue> item, String name) {
        return Integer.parseInt(present(item.get(name), name).n());
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return present(item.get(name), name).s();
    }

    private static AttributeValue present(@Nullable AttributeValue value, String name) {
        if (value == null) {
            throw new IllegalStateException(
                    "a registry item lacks '%s'; it was changed by hand".formatted(name));
        }
        return value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

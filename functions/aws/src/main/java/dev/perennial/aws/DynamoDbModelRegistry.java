package dev.perennial.aws;

import static dev.perennial.aws.RegistryTable.MAX_ATTEMPTS;
import static dev.perennial.aws.RegistryTable.json;
import static dev.perennial.aws.RegistryTable.number;
import static dev.perennial.aws.RegistryTable.recorded;
import static dev.perennial.aws.RegistryTable.text;
import static dev.perennial.aws.RegistryTable.tooManyWriters;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.registry.StaleAliasException;
import dev.perennial.core.registry.UnknownVersionException;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.store.ArtifactRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

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
    private final RegistryTable table;

    public DynamoDbModelRegistry(DynamoDbClient dynamo, String table) {
        this.table = new RegistryTable(dynamo, table);
    }

    @Override
    public ModelVersion register(String pipeline, String run, IntFunction<ModelVersion> describe) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<ModelVersion> earlier = registeredBy(pipeline, run);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            int latest = Math.toIntExact(table.latest(partition(pipeline)));
            ModelVersion version = describe.apply(latest + 1);
            if (tryRegister(version, latest)) {
                return version;
            }
        }
        throw tooManyWriters("registering %s's model".formatted(run));
    }

    private Optional<ModelVersion> registeredBy(String pipeline, String run) {
        return item(pipeline, "REGISTERED#" + run)
                .flatMap(marker -> version(pipeline, Math.toIntExact(number(marker, "version"))));
    }

    private boolean tryRegister(ModelVersion version, int latest) {
        String pipeline = version.pipeline();
        Map<String, AttributeValue> item = key(pipeline, versionKey(version.version()));
        item.put("version", number(version.version()));
        item.put("run", text(version.run()));
        item.put("record", json(version));
        Map<String, AttributeValue> marker = key(pipeline, "REGISTERED#" + version.run());
        marker.put("version", number(version.version()));
        return table.transact(
                "registering version %d of %s".formatted(version.version(), pipeline),
                table.count(partition(pipeline), latest),
                table.create(item),
                table.create(marker),
                listPipeline(pipeline));
    }

    @Override
    public Optional<ModelVersion> version(String pipeline, int version) {
        return item(pipeline, versionKey(version)).map(item -> recorded(item, ModelVersion.class));
    }

    @Override
    public List<ModelVersion> versions(String pipeline) {
        return query(pipeline, "VERSION#").stream()
                .map(item -> recorded(item, ModelVersion.class))
                .toList();
    }

    @Override
    public Optional<Alias> alias(String pipeline, String name) {
        return item(pipeline, "ALIAS#" + name).map(item -> recorded(item, Alias.class));
    }

    @Override
    public List<Alias> history(String pipeline, String name) {
        return query(pipeline, "HISTORY#" + name + "#").stream()
                .map(item -> recorded(item, Alias.class))
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
        return table.transact(
                "pointing %s of %s to version %d".formatted(name, pipeline, version),
                table.replace(item, expectedRevision),
                table.create(change),
                table.mustExist(key(pipeline, versionKey(version))));
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
            if (table.transact(what, table.put(item), listPipeline(run.pipeline()))) {
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
                                Json.read(
                                        "report of a run",
                                        report.s().getBytes(StandardCharsets.UTF_8),
                                        ArtifactRef.class)),
                cost == null ? 0 : Double.parseDouble(cost.n()));
    }

    @Override
    public List<String> pipelines() {
        return table.query("PIPELINES", "").stream().map(item -> text(item, "sk")).toList();
    }

    private TransactWriteItem listPipeline(String pipeline) {
        return table.put(RegistryTable.key("PIPELINES", pipeline));
    }

    private Optional<Map<String, AttributeValue>> item(String pipeline, String sort) {
        return table.item(partition(pipeline), sort);
    }

    private List<Map<String, AttributeValue>> query(String pipeline, String sortPrefix) {
        return table.query(partition(pipeline), sortPrefix);
    }

    private static Map<String, AttributeValue> key(String pipeline, String sort) {
        return RegistryTable.key(partition(pipeline), sort);
    }

    private static String partition(String pipeline) {
        return "PIPELINE#" + pipeline;
    }

    private static String versionKey(int version) {
        return "VERSION#%010d".formatted(version);
    }
}

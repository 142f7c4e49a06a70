package dev.perennial.tests.deployed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.local.doctor.Finding;
import dev.perennial.local.doctor.Finding.Level;
import dev.perennial.local.doctor.StackChecks;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Predictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import tools.jackson.databind.JsonNode;

/**
 * What must hold of a factory wherever it is deployed: the local cloud, an emulator of AWS, an
 * account. {@code scripts/test --target} says which. It asks AWS's APIs only, and leaves nothing.
 */
class FactoryOnTargetIT {
    private static final String PIPELINE = "integration";
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Duration RUN = Duration.ofMinutes(10);
    private static final int ROWS = 1_500;

    @TempDir static Path folder;

    private static Factory factory;
    private static String csv;
    private static String run;
    private static RunSummary summary;

    /** One training that all tests look at. */
    @BeforeAll
    static void train() throws IOException {
        factory = Targets.open(PIPELINE, folder.resolve("home"));
        clear();
        csv = Rows.csv(ROWS, 1);
        factory.artifacts().replace(Keys.spec(PIPELINE), spec(), "application/yaml");
        factory.artifacts().put(Keys.source(PIPELINE) + "rows.csv", bytes(csv), "text/csv");
        run = "integration-" + Long.toHexString(System.currentTimeMillis());
        DescribeExecutionResponse ended = factory.await(factory.start(run, "{}"), RUN);
        assertEquals(ExecutionStatus.SUCCEEDED, ended.status(), ended::toString);
        summary = summary(ended);
    }

    @AfterAll
    static void leave() throws Exception {
        clear();
        factory.close();
    }

    /**
     * Every object with all its versions but the spec, which the stack's own schedule asks for, and
     * every item. The local cloud begins with a folder.
     */
    private static void clear() {
        if (Targets.isLocal()) {
            return;
        }
        factory.s3()
                .listObjectVersionsPaginator(of -> of.bucket(factory.bucket()))
                .forEach(page -> {
                    List<ObjectIdentifier> found =
                            java.util.stream.Stream.concat(
                                            page.versions().stream()
                                                    .map(each -> id(each.key(), each.versionId())),
                                            page.deleteMarkers().stream()
                                                    .map(each -> id(each.key(), each.versionId())))
                                    .filter(each -> !each.key().equals(Keys.spec(PIPELINE)))
                                    .toList();
                    if (!found.isEmpty()) {
                        factory.s3()
                                .deleteObjects(of ->
                                        of.bucket(factory.bucket())
                                                .delete(delete -> delete.objects(found)));
                    }
                });
        factory.dynamoDb()
                .scanPaginator(of -> of.tableName(factory.table()))
                .items()
                .forEach(item ->
                        factory.dynamoDb()
                                .deleteItem(of ->
                                        of.tableName(factory.table())
                                                .key(
                                                        Map.of(
                                                                "pk",
                                                                item.get("pk"),
                                                                "sk",
                                                                item.get("sk")))));
    }

    private static ObjectIdentifier id(String key, String version) {
        return ObjectIdentifier.builder().key(key).versionId(version).build();
    }

    private static byte[] spec() throws IOException {
        return Files.readAllBytes(ROOT.resolve("tests/integration.yaml"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RunSummary summary(DescribeExecutionResponse ended) {
        ArtifactRef ref =
                Json.read(
                        "summary",
                        Json.write(Json.tree("output", bytes(ended.output())).path("summary")),
                        ArtifactRef.class);
        return Json.read("run.json", factory.artifacts().read(ref), RunSummary.class);
    }

    /** The version that the one training registered. */
    private static ModelVersion trained() {
        return version(summary.version().orElseThrow());
    }

    private static ModelVersion version(int version) {
        return factory.registry().version(PIPELINE, version).orElseThrow();
    }

    @Test
    void featureStore_answers_andGivesTheRawRows() {
        Schema columns =
                new Schema(
                        List.of(
                                new Schema.Field("at", ColumnType.TIME),
                                new Schema.Field("shop", ColumnType.CATEGORY),
                                new Schema.Field("size", ColumnType.NUMBER),
                                new Schema.Field("price", ColumnType.NUMBER),
                                new Schema.Field("bought", ColumnType.CATEGORY)));

        Table raw = read(columns, bytes(csv), "raw.csv");
        Table snapshot =
                read(
                        columns,
                        factory.artifacts().read(trained().snapshot().data()),
                        "snapshot.parquet");

        assertEquals(ROWS, snapshot.rows());
        assertArrayEquals(raw.time("at").micros(), snapshot.time("at").micros());
        for (String number : List.of("size", "price")) {
            assertArrayEquals(raw.number(number).values(), snapshot.number(number).values());
        }
        for (String category : List.of("shop", "bought")) {
            for (int row = 0; row < ROWS; row++) {
                assertEquals(
                        raw.category(category).text(row), snapshot.category(category).text(row));
            }
        }
    }

    private static Table read(Schema columns, byte[] bytes, String name) {
        try {
            return new TableReader(columns)
                    .add(Files.write(folder.resolve(name), bytes), name)
                    .finish()
                    .table();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void training_handsItsArtifactToEvaluation() {
        ModelVersion trained = trained();
        byte[] onnx = factory.artifacts().read(trained.model());

        assertEquals(RunStatus.PROMOTED, summary.status(), summary::reason);
        assertEquals(summary.model().orElseThrow().sha256(), trained.model().sha256());
        assertEquals(run, OnnxModel.describe(onnx).stamps().get("run"));
        assertTrue(summary.evaluation().orElseThrow().parity().orElseThrow().difference() <= 1e-5);
    }

    @Test
    void registry_hasTheVersion_withItsMetadata() throws IOException {
        ModelVersion trained = trained();

        assertEquals(run, trained.run());
        assertEquals(summary.snapshot().orElseThrow(), trained.snapshot().digest());
        assertTrue(trained.metrics().get("auc") > 0.6, trained.metrics()::toString);
        assertArrayEquals(spec(), factory.artifacts().read(trained.spec()));
        RunRecord record = factory.registry().run(PIPELINE, run).orElseThrow();
        assertEquals(RunStatus.PROMOTED, record.status());
        assertTrue(record.costUsd() > 0);
    }

    @Test
    void predict_servesWhatIsRegistered() {
        InvokeResponse answered =
                factory.invoke(
                        "PredictFunction",
                        "{\"rows\": [{\"shop\": \"north\", \"size\": 1.5, \"price\": 11}]}");

        assertNull(answered.functionError(), () -> answered.payload().asUtf8String());
        JsonNode prediction =
                Json.tree("answer", answered.payload().asByteArray()).path("predictions").path(0);
        assertEquals(
                probability(
                        version(prediction.path("version").asInt()),
                        "2026-06-01T00:00:00Z,north,1.5,11,"),
                prediction.path("probability").path("yes").asDouble(),
                1e-6,
                prediction::toString);
    }

    /** What the registered file itself says, read here. */
    private static double probability(ModelVersion version, String row) {
        byte[] onnx = factory.artifacts().read(version.model());
        OnnxModel.Description description = OnnxModel.describe(onnx);
        Schema schema =
                new Schema(
                        description.features().stream()
                                .map(feature ->
                                        new Schema.Field(feature.name(), feature.columnType()))
                                .toList());
        try (Predictor predictor = Predictor.open(onnx, 1)) {
            Table table = read(schema, bytes(Rows.HEADER + "\n" + row + "\n"), "row.csv");
            return predictor.predict(table)[0][description.classes().indexOf("yes")];
        }
    }

    @Test
    void scheduleAndAlarm_startARun_onceEach() throws Exception {
        for (String file : List.of("trigger-schedule.json", "trigger-alarm.json")) {
            // Of now: the name of a run that a schedule or alarm starts is its time's, and taken
            // for 90 days.
            String event =
                    Files.readString(ROOT.resolve("events").resolve(file))
                            .replaceAll("1997-07-2[57]T\\d\\d:00:00(Z|\\.000\\+0000)", now() + "Z")
                            .replace("d32c5kddcf5bb8c3", UUID.randomUUID().toString())
                            .replace(
                                    "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
                                    UUID.randomUUID().toString())
                            .replace("\"electricity\"", "\"" + PIPELINE + "\"");

            JsonNode decision = decide(event);

            String started = decision.path("run").asString("");
            assertTrue(!started.isEmpty(), decision::toString);
            DescribeExecutionResponse ended = factory.await(factory.execution(started), RUN);
            assertEquals(ExecutionStatus.SUCCEEDED, ended.status(), ended::toString);
            assertEquals(started, decide(event).path("run").asString(""), "delivered again");
            assertEquals(
                    1,
                    factory.registry().runs(PIPELINE).stream()
                            .filter(each -> each.run().equals(started))
                            .count());
        }
    }

    private static LocalDateTime now() {
        return LocalDateTime.ofInstant(Instant.now(), ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MILLIS);
    }

    private static JsonNode decide(String event) {
        InvokeResponse answered = factory.invoke("TriggerFunction", event);
        assertNull(answered.functionError(), () -> answered.payload().asUtf8String());
        return Json.tree("decision", answered.payload().asByteArray());
    }

    /** Of a deployed stack: the local cloud's own checks are another command's. */
    @Test
    void doctor_findsTheStackWhole() {
        assumeFalse(
                Targets.isLocal(),
                "asks CloudFormation and others, which the local cloud doesn't have");

        List<Finding> findings =
                new StackChecks(System.getProperty(Targets.STACK), Instant.now()).findings();

        assertEquals(
                List.of(),
                findings.stream()
                        .filter(each -> each.level() == Level.BROKEN)
                        .filter(each -> !each.what().contains("hostile")) // another test's run
                        // MiniStack 1.5.33 can't read this SDK's requests to CloudWatch.
                        .filter(each ->
                                !each.what()
                                        .startsWith(
                                                "CloudWatch says: Service returned HTTP status code 500"))
                        .toList());
        assertTrue(findings.size() > 10, findings::toString);
    }

    @Test
    void badData_isRejected_andAFailureIsRecorded() {
        factory.artifacts()
                .put(
                        Keys.source("integration-bad") + "rows.csv",
                        bytes("at,shop\n1,2\n"),
                        "text/csv");

        DescribeExecutionResponse rejected =
                factory.await(
                        factory.start(run + "-bad", "{\"source\": \"integration-bad\"}"), RUN);
        DescribeExecutionResponse failed =
                factory.await(factory.start(run + "-hostile", "{\"source\": \"../etc\"}"), RUN);

        assertEquals(ExecutionStatus.SUCCEEDED, rejected.status(), rejected::toString);
        assertEquals(RunStatus.DATA_REJECTED, summary(rejected).status());
        assertEquals(ExecutionStatus.FAILED, failed.status());
        assertEquals(
                RunStatus.FAILED,
                factory.registry().run(PIPELINE, run + "-hostile").orElseThrow().status());
    }
}

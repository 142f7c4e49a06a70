package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelRegistryContract;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The registry's contract against the embedded DynamoDB. */
class DynamoDbModelRegistryTest extends ModelRegistryContract {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir static Path folder;

    private static EmbeddedServers servers;

    @BeforeAll
    static void start() {
        servers = new EmbeddedServers(folder);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Override
    protected ModelRegistry newRegistry() {
        return new DynamoDbModelRegistry(servers.dynamoDb, servers.table());
    }

    /** Two transactions at one item: DynamoDB cancels one of them, whatever they would write. */
    @Test
    void conflictWithAnotherTransaction_isTriedAgain_andNothingIsLost() {
        ArtifactRef any =
                new ArtifactRef("runs/r/x", Digest.of(new byte[0]), 0, "application/json");
        String table = servers.table();
        ModelRegistry registry = new DynamoDbModelRegistry(conflicting(servers.dynamoDb, 3), table);
        RunRecord run =
                new RunRecord(
                        "p",
                        "r",
                        RunStatus.RUNNING,
                        NOW,
                        OptionalInt.empty(),
                        "",
                        Optional.empty(),
                        0);

        registry.record(run);
        assertEquals(Optional.of(run), registry.run("p", "r"));

        registry = new DynamoDbModelRegistry(conflicting(servers.dynamoDb, 3), table);
        registry.register(
                "p",
                "r",
                number ->
                        new ModelVersion(
                                "p",
                                number,
                                "r",
                                NOW,
                                any,
                                Optional.of(new ModelVersion.Refit(any, NOW)),
                                any,
                                any,
                                any,
                                any,
                                new SnapshotRef(any, any, 1),
                                Map.of()));
        registry = new DynamoDbModelRegistry(conflicting(servers.dynamoDb, 3), table);
        Alias alias = registry.point("p", Alias.CHAMPION, 1, 0, NOW, "t", "r", "because");

        assertEquals(1, alias.revision());
        assertEquals(List.of(alias), registry.history("p", Alias.CHAMPION));
    }

    /** A client whose first transactions are cancelled. */
    private static DynamoDbClient conflicting(DynamoDbClient client, int times) {
        AtomicInteger left = new AtomicInteger(times);
        InvocationHandler handler =
                (_, method, arguments) -> {
                    if (method.getName().equals("transactWriteItems")
                            && left.getAndDecrement() > 0) {
                        throw TransactionCanceledException.builder()
                                .cancellationReasons(
                                        CancellationReason.builder()
                                                .code("TransactionConflict")
                                                .build())
                                .build();
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                };
        return (DynamoDbClient)
                Proxy.newProxyInstance(
                        DynamoDbClient.class.getClassLoader(),
                        new Class<?>[] {DynamoDbClient.class},
                        handler);
    }
}

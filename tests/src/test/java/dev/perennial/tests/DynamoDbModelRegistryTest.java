package dev.perennial.tests;

import dev.perennial.aws.DynamoDbModelRegistry;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelRegistryContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The registry's contract against the embedded DynamoDB. */
class DynamoDbModelRegistryTest extends ModelRegistryContract {
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
}

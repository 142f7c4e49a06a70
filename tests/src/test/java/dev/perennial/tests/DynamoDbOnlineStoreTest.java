package dev.perennial.tests;

import dev.perennial.aws.DynamoDbOnlineStore;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.feature.OnlineStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract against the embedded DynamoDB. */
class DynamoDbOnlineStoreTest extends OnlineStoreContract {
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
    protected OnlineStore store() {
        return new DynamoDbOnlineStore(servers.dynamoDb, servers.featureTable());
    }
}

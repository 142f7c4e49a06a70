package dev.perennial.tests;

import dev.perennial.aws.DynamoDbDecisionLog;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.DecisionLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract against the embedded DynamoDB. */
class DynamoDbDecisionLogTest extends DecisionLogContract {
    @TempDir static Path folder;

    private static EmbeddedServers servers;
    private DecisionLog log;

    @BeforeAll
    static void start() {
        servers = new EmbeddedServers(folder);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static DecisionLog emptyLog() {
        return new DynamoDbDecisionLog(servers.dynamoDb, servers.table());
    }

    @BeforeEach
    void begin() {
        log = emptyLog();
    }

    @Override
    protected DecisionLog log() {
        return log;
    }
}

package dev.perennial.tests;

import dev.perennial.aws.DynamoDbLiveLog;
import dev.perennial.core.live.LiveLog;
import dev.perennial.core.live.LiveLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract against the embedded DynamoDB. */
class DynamoDbLiveLogTest extends LiveLogContract {
    @TempDir static Path folder;

    private static EmbeddedServers servers;
    private LiveLog log;

    @BeforeAll
    static void start() {
        servers = new EmbeddedServers(folder);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static LiveLog emptyLog() {
        return new DynamoDbLiveLog(servers.dynamoDb, servers.table());
    }

    @BeforeEach
    void begin() {
        log = emptyLog();
    }

    @Override
    protected LiveLog log() {
        return log;
    }
}

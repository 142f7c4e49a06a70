package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.DynamoDbDecisionLog;
import dev.perennial.core.trigger.Decision;
import dev.perennial.core.trigger.DecisionLog;
import dev.perennial.core.trigger.DecisionLogContract;
import dev.perennial.core.trigger.Starts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    /** Who started when is needed for good; single events are not. */
    @Test
    void whatIsKeptOfAnEvent_expiresLongAfter_butNotTheStarts() {
        String table = servers.table();
        DecisionLog written = new DynamoDbDecisionLog(servers.dynamoDb, table);
        Instant at = Instant.now();
        Decision decision =
                new Decision("shop", "event", "delivery", at, "what", Optional.of("run"), "why");

        assertTrue(written.stand(decision, Starts.NONE, 0));
        written.note(decision);
        written.announced("shop", "event");

        long earliest = at.plus(Duration.ofDays(400)).getEpochSecond();
        servers.dynamoDb
                .scan(of -> of.tableName(table))
                .items()
                .forEach(item -> {
                    boolean stays = item.get("sk").s().equals("STARTS");
                    assertEquals(!stays, item.containsKey("expiresAt"), item::toString);
                    assertTrue(
                            stays || Long.parseLong(item.get("expiresAt").n()) >= earliest,
                            item::toString);
                });
        assertEquals(4, servers.dynamoDb.scan(of -> of.tableName(table)).count());
    }
}

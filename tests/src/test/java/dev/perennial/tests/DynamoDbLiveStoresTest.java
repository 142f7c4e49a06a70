package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.DynamoDbQuestions;
import dev.perennial.aws.DynamoDbStateStore;
import dev.perennial.aws.DynamoDbStateStore.Owner;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.StateStore.Present;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monitor's state and open questions in the embedded DynamoDB. */
class DynamoDbLiveStoresTest {
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

    private static Present state(long revision, String content) {
        Digest digest = Digest.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new Present(
                revision, new ArtifactRef("live/shop/monitor/" + content, digest, 1, "x/y"));
    }

    @Test
    void twoLooksAtOnce_onlyTheFirstReplacesTheState() {
        DynamoDbStateStore store = store(Owner.MONITOR);
        assertEquals(Optional.empty(), store.present("shop"));

        assertTrue(store.replace("shop", state(1, "a")));
        assertFalse(store.replace("shop", state(1, "b")), "another first look");
        assertTrue(store.replace("shop", state(2, "c")));
        assertFalse(store.replace("shop", state(2, "d")), "another second look");

        assertEquals(Optional.of(state(2, "c")), store.present("shop"));
        assertEquals(Optional.empty(), store.present("other"));
        assertEquals(Optional.empty(), store(Owner.PROBES).present("shop"));
    }

    private DynamoDbStateStore store(Owner owner) {
        return new DynamoDbStateStore(servers.dynamoDb, servers.table(), owner);
    }

    @Test
    void question_isOpenUntilItIsClosed() {
        DynamoDbQuestions questions = new DynamoDbQuestions(servers.dynamoDb, servers.table());
        Question question =
                new Question(
                        "shop",
                        "run-1",
                        3,
                        Mode.CANARY,
                        0.1,
                        0.95,
                        4,
                        NOW,
                        NOW.plusSeconds(60),
                        "token");

        questions.ask(question);
        questions.ask(question);
        assertEquals(List.of(question), questions.open("shop"));
        questions.close("shop", "run-1");
        questions.close("shop", "run-1");

        assertEquals(List.of(), questions.open("shop"));
    }
}

package dev.perennial.core.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.store.Digest;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OfflineStoreTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final OfflineStore store = new OfflineStore(artifacts);

    private static Batch batch(String content, Instant at) {
        return new Batch(
                "weather",
                Digest.of(content.getBytes(StandardCharsets.UTF_8)),
                at,
                List.of(),
                List.of(),
                3,
                0,
                0,
                Map.of(),
                List.of("ignored"),
                Optional.empty());
    }

    @Test
    void aBatchIsVisibleSinceItsIngestion() {
        Batch early = batch("b", NOON);
        Batch late = batch("a", NOON.plusSeconds(1));
        store.commit(late);
        store.commit(early);

        assertEquals(List.of(early, late), store.batches("weather"));
        assertEquals(List.of(early), store.batches("weather", NOON));
        assertEquals(List.of(), store.batches("weather", NOON.minusSeconds(1)));
        assertEquals(List.of(), store.batches("sales"));
        assertEquals(Optional.of(late), store.find("weather", late.id()));
    }

    @Test
    void whoCommitsABatchSecond_getsTheFirst() {
        Batch first = store.commit(batch("a", NOON));

        Batch second = store.commit(batch("a", NOON.plusSeconds(9)));

        assertEquals(first, second);
        assertEquals(List.of(first), store.batches("weather"));
    }

    @Test
    void manyBatches_areReadFromAnIndex_andTheNewestBesideIt() {
        for (int i = 0; i < 250; i++) {
            store.commit(batch("b" + i, NOON.plusSeconds(i)));
        }
        assertEquals(0, artifacts.list(Keys.batchIndexes("weather")).size());

        store.index("weather");
        store.index("weather");
        store.commit(batch("later", NOON.plusSeconds(999)));

        assertEquals(1, artifacts.list(Keys.batchIndexes("weather")).size());
        List<Batch> batches = store.batches("weather");
        assertEquals(251, batches.size());
        assertEquals(NOON.plusSeconds(999), batches.getLast().ingestedAt());

        // The manifests, not the index, say what there is.
        artifacts.delete(Keys.batch("weather", batches.getFirst().id()));
        assertEquals(250, store.batches("weather").size());
        assertTrue(store.batches("weather").getFirst().ingestedAt().isAfter(NOON));
    }
}

package dev.perennial.core.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.feature.OnlineRow.Version;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.EventTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every online store keeps to. */
public abstract class OnlineStoreContract {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** An empty store. */
    protected abstract OnlineStore store();

    private static Batch batch(Instant ingestedAt, String content) {
        return new Batch(
                "weather",
                Digest.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                ingestedAt,
                List.of(),
                List.of(),
                0,
                0,
                0,
                Map.of(),
                List.of(),
                Optional.empty());
    }

    private static OnlineRow row(EntityKey key, Instant at, Batch batch, double value) {
        return new OnlineRow(
                key,
                at,
                Version.of(EventTime.micros(at), batch),
                Map.of("value", value),
                Optional.empty());
    }

    private static EntityKey key(String... parts) {
        return new EntityKey(List.of(parts));
    }

    @Test
    void everyDoubleAndText_comesBackBitForBit() {
        OnlineStore store = store();
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("tiny", Double.MIN_VALUE);
        values.put("huge", -Double.MAX_VALUE);
        values.put("zero", -0.0);
        values.put("third", 1 / 3.0);
        values.put("whole", 9_007_199_254_740_993.0);
        values.put("text", "ä\u2028\"\\ \uD83D\uDE00");
        values.put("digits", "007");
        values.put("missing", null);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            values.put("r" + i, Double.isFinite(value) ? value : 1.0);
        }
        Instant at = NOON.plusNanos(123_456_000);
        OnlineRow row =
                new OnlineRow(
                        key("n"),
                        at,
                        Version.of(EventTime.micros(at), batch(NOON, "a")),
                        values,
                        Optional.of(NOON.plusSeconds(60)));

        assertEquals(1, store.put("weather", List.of(row)));

        assertEquals(Map.of(key("n"), row), store.get("weather", List.of(key("n"))));
    }

    @Test
    void olderRowsChangeNothing_whateverTheOrder() {
        Batch first = batch(NOON, "a");
        Batch second = batch(NOON.plusSeconds(1), "b");
        List<OnlineRow> rows =
                List.of(
                        row(key("n"), NOON.minusSeconds(9), second, 1),
                        row(key("n"), NOON, first, 2),
                        row(key("n"), NOON, second, 3),
                        row(key("n"), NOON.minusSeconds(1), second, 4));

        for (List<Integer> order :
                List.of(List.of(0, 1, 2, 3), List.of(3, 2, 1, 0), List.of(2, 0, 3, 1))) {
            OnlineStore store = store();
            order.forEach(i -> store.put("weather", List.of(rows.get(i))));

            assertEquals(
                    3.0,
                    store.get("weather", List.of(key("n"))).get(key("n")).values().get("value"));
        }
    }

    @Test
    void theSameRowAgain_isThere() {
        OnlineStore store = store();
        OnlineRow row = row(key("n"), NOON, batch(NOON, "a"), 1);

        assertEquals(1, store.put("weather", List.of(row)));
        assertEquals(1, store.put("weather", List.of(row)));
    }

    @Test
    void keysAndViewsAreApart_andUnknownOnesAbsent() {
        OnlineStore store = store();
        Batch batch = batch(NOON, "a");
        store.put("weather", List.of(row(key("a", "b"), NOON, batch, 1)));
        store.put("weather", List.of(row(key("a\",\"b"), NOON, batch, 2)));
        store.put("sales", List.of(row(key("a", "b"), NOON, batch, 3)));

        Map<EntityKey, OnlineRow> found =
                store.get(
                        "weather", List.of(key("a", "b"), key("a\",\"b"), key("a"), key("a", "b")));

        assertEquals(2, found.size());
        assertEquals(1.0, found.get(key("a", "b")).values().get("value"));
        assertEquals(2.0, found.get(key("a\",\"b")).values().get("value"));
    }

    @Test
    void aThousandEntities_atOnce() {
        OnlineStore store = store();
        Batch batch = batch(NOON, "a");
        List<OnlineRow> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(row(key("k" + i), NOON, batch, i));
        }

        assertEquals(1_000, store.put("weather", rows));

        Map<EntityKey, OnlineRow> found =
                store.get(
                        "weather", IntStream.range(0, 1_000).mapToObj(i -> key("k" + i)).toList());
        assertEquals(1_000, found.size());
        assertEquals(731.0, found.get(key("k731")).values().get("value"));
    }
}

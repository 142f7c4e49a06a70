package dev.perennial.core.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.live.LiveMessage.Kind;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The contract of every live log. */
public abstract class LiveLogContract {
    protected abstract LiveLog log();

    private static LiveBatch batch(int number) {
        Digest digest = Digest.of(("batch " + number).getBytes(StandardCharsets.UTF_8));
        return new LiveBatch(
                Kind.PREDICTIONS,
                OptionalInt.of(1),
                new ArtifactRef("live/shop/" + number, digest, 10, "text/plain"),
                5);
    }

    @Test
    void batches_comeInTheOrderTheyWereAppended_eachOnce() {
        assertEquals(1, log().append("shop", batch(7)));
        assertEquals(2, log().append("shop", batch(3)));
        assertEquals(1, log().append("shop", batch(7)), "again");
        assertEquals(1, log().append("other", batch(3)));

        assertEquals(
                List.of(new LiveLog.Entry(1, batch(7)), new LiveLog.Entry(2, batch(3))),
                log().after("shop", 0, 10));
        assertEquals(List.of(new LiveLog.Entry(2, batch(3))), log().after("shop", 1, 10));
        assertEquals(List.of(new LiveLog.Entry(1, batch(7))), log().after("shop", 0, 1));
        assertEquals(List.of(), log().after("shop", 2, 10));
    }

    @Test
    void hundredConcurrentWriters_leaveNoGap() throws Exception {
        List<Callable<Long>> writers =
                IntStream.range(0, 100)
                        .<Callable<Long>>mapToObj(i -> () -> log().append("shop", batch(i)))
                        .toList();

        List<Long> given = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<Long> each : threads.invokeAll(writers)) {
                given.add(each.get());
            }
        }

        assertEquals(
                LongStream.rangeClosed(1, 100).boxed().toList(), given.stream().sorted().toList());
        assertEquals(100, log().after("shop", 0, 1_000).size());
    }
}

package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Says when it is over, unless it is begun anew or closed before. */
final class TimeLimit implements AutoCloseable {
    private final Duration limit;
    private final Waiting waiting;
    private final InstantSource clock;
    private final Runnable over;
    private @Nullable Thread timer;

    TimeLimit(Duration limit, Waiting waiting, InstantSource clock, Runnable over) {
        this.limit = limit;
        this.waiting = waiting;
        this.clock = clock;
        this.over = over;
    }

    synchronized void begin() {
        close();
        Instant since = clock.instant();
        timer = Thread.ofVirtual().start(() -> measure(since));
    }

    private void measure(Instant since) {
        try {
            waiting.allow(since, limit);
        } catch (InterruptedException begunAnewOrClosed) {
            return;
        }
        if (isCurrent()) {
            over.run();
        }
    }

    private synchronized boolean isCurrent() {
        return timer == Thread.currentThread();
    }

    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.interrupt();
            timer = null;
        }
    }
}

package dev.perennial.local.states;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Says when it is over, unless it is begun anew or closed before. */
final class TimeLimit implements AutoCloseable {
    private final Duration limit;
    private final Waiting waiting;
    private final InstantSource clock;
    private final Runnable over;
    private Waiting.@Nullable Timer timer;
    private long begun;

    TimeLimit(Duration limit, Waiting waiting, InstantSource clock, Runnable over) {
        this.limit = limit;
        this.waiting = waiting;
        this.clock = clock;
        this.over = over;
    }

    synchronized void begin() {
        close();
        long number = ++begun;
        timer = waiting.after(clock.instant(), limit, () -> end(number));
    }

    private void end(long number) {
        if (isCurrent(number)) {
            over.run();
        }
    }

    private synchronized boolean isCurrent(long number) {
        return timer != null && begun == number;
    }

    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}

package dev.perennial.local.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that stands still until it is set forward. Safe for use by many threads. */
public final class SimulatedClock implements InstantSource {
    private final List<Timer> timers = new ArrayList<>();
    private Instant now;

    /** Something to be done at a moment, unless it is closed before. */
    public final class Timer implements AutoCloseable {
        private final Instant due;
        private final Runnable action;

        private Timer(Instant due, Runnable action) {
            this.due = due;
            this.action = action;
        }

        @Override
        public void close() {
            synchronized (SimulatedClock.this) {
                timers.remove(this);
            }
        }
    }

    public SimulatedClock(Instant start) {
        this.now = start;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Has something done by whoever sets the clock to that moment, or the next time it is set. */
    public synchronized Timer at(Instant moment, Runnable action) {
        Timer timer = new Timer(moment, action);
        timers.add(timer);
        return timer;
    }

    /** The earliest moment at which something is to be done. */
    public synchronized Optional<Instant> nextTimer() {
        return timers.stream().map(timer -> timer.due).min(Comparator.naturalOrder());
    }

    /**
     * Sets it, and does what is due, in the order of its moments.
     *
     * @return whether anything was
     * @throws IllegalArgumentException if that is earlier than now
     */
    public boolean advanceTo(Instant later) {
        List<Timer> due;
        synchronized (this) {
            if (later.isBefore(now)) {
                throw new IllegalArgumentException(
                        "simulated time can't go back from %s to %s".formatted(now, later));
            }
            now = later;
            due =
                    timers.stream()
                            .filter(timer -> !timer.due.isAfter(later))
                            .sorted(Comparator.comparing(timer -> timer.due))
                            .toList();
            timers.removeAll(due);
        }
        due.forEach(timer -> timer.action.run());
        return !due.isEmpty();
    }
}

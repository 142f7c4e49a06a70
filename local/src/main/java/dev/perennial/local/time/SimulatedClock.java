package dev.perennial.local.time;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is set forward. Safe for use by many threads. */
public final class SimulatedClock implements InstantSource {
    private volatile Instant now;

    public SimulatedClock(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Sets it.
     *
     * @throws IllegalArgumentException if that is earlier than now
     */
    public synchronized void advanceTo(Instant later) {
        if (later.isBefore(now)) {
            throw new IllegalArgumentException(
                    "simulated time can't go back from %s to %s".formatted(now, later));
        }
        now = later;
    }
}

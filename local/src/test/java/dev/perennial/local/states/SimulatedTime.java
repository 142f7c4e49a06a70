package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of a replay: it moves only when it is told to. Wait states and the delays of a Retry
 * move it themselves, and at once. A task that waits for its token, and an execution, run into
 * their time-outs when {@link #advanceTo} passes them; a task's call alone takes real time, and its
 * time-out is real.
 */
public final class SimulatedTime implements InstantSource, Waiting {
    private final Waiting real = Waiting.realTime();
    private Instant now;

    public SimulatedTime(Instant begin) {
        this.now = begin;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves time on, never back. Returns at once; what has timed out then ends on its own. */
    public synchronized void advanceTo(Instant moment) {
        if (moment.isAfter(now)) {
            now = moment;
            notifyAll();
        }
    }

    @Override
    public synchronized void pause(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        advanceTo(now.plus(duration));
    }

    @Override
    public void allow(Duration limit) throws InterruptedException {
        real.allow(limit);
    }

    @Override
    public synchronized void allow(Instant since, Duration limit) throws InterruptedException {
        Instant end = since.plus(limit);
        while (now.isBefore(end)) {
            wait();
        }
    }
}

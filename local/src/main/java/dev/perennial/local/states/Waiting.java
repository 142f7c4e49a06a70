package dev.perennial.local.states;

import dev.perennial.local.time.SimulatedClock;
import java.time.Duration;
import java.time.Instant;

/** How time passes, so that tests never sleep and history can be replayed at any speed. */
public interface Waiting {
    /** Wait states and the delays of a Retry. */
    void pause(Duration duration) throws InterruptedException;

    /**
     * Runs beside a task's call that has a TimeoutSeconds, and returns when one that began now has
     * used it up. Interrupted if the work ends first. Real time, since calls run in real time.
     */
    default void allow(Duration limit) throws InterruptedException {
        Thread.sleep(limit);
    }

    /** Something that is to happen later, unless it is cancelled. */
    interface Timer {
        /** It may just be happening nevertheless. */
        void cancel();
    }

    /**
     * Runs beside a task that waits for its token, or an execution: what happens outside decides
     * how long these take.
     *
     * @param since when it began, by the clock
     * @param over what to do when it has used up its limit
     */
    default Timer after(Instant since, Duration limit, Runnable over) {
        Thread timer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                allow(limit);
                            } catch (InterruptedException cancelled) {
                                return;
                            }
                            over.run();
                        });
        return timer::interrupt;
    }

    /** Time as it passes. */
    static Waiting realTime() {
        return Thread::sleep;
    }

    /**
     * Time that is set from outside. An execution takes none of it by itself: its pauses return at
     * once. What waits for others runs into its time-out when the clock is set that far.
     */
    static Waiting simulated(SimulatedClock clock) {
        return new Waiting() {
            @Override
            public void pause(Duration duration) {}

            @Override
            public Timer after(Instant since, Duration limit, Runnable over) {
                return clock.at(since.plus(limit), over)::close;
            }
        };
    }
}

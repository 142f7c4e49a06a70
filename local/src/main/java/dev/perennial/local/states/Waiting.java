package dev.perennial.local.states;

import java.time.Duration;
import java.time.Instant;

/** How time passes, so that tests never sleep and history can be replayed at any speed. */
public interface Waiting {
    /**
     * Wait states and the delays of a Retry. A replay may return at once, after moving its clock
     * on.
     */
    void pause(Duration duration) throws InterruptedException;

    /**
     * Runs beside a task's call that has a TimeoutSeconds, and returns when one that began now has
     * used it up. Interrupted if the work ends first. A replay should measure real time here,
     * because calls run in real time.
     */
    void allow(Duration limit) throws InterruptedException;

    /**
     * Runs beside a task that waits for its token, or an execution, and returns when one that began
     * at a moment of the clock has used up its limit. Interrupted if it ends first. What happens
     * outside decides how long these take, so a replay should measure its own time here.
     */
    default void allow(Instant since, Duration limit) throws InterruptedException {
        allow(limit);
    }

    /** Time as it passes. */
    static Waiting realTime() {
        return new Waiting() {
            @Override
            public void pause(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }

            @Override
            public void allow(Duration limit) throws InterruptedException {
                Thread.sleep(limit);
            }
        };
    }
}

package dev.perennial.local.live;

/** Work that events have begun elsewhere, and that simulated time has to wait for. */
@FunctionalInterface
public interface Settling {
    /**
     * Waits until what runs has ended, or waits itself for an answer or for time.
     *
     * @return whether it had to wait
     */
    boolean settle() throws InterruptedException;
}

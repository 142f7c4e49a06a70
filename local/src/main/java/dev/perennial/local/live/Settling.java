package dev.perennial.local.live;

/** Work that events have begun elsewhere, and that simulated time has to wait for. */
@FunctionalInterface
public interface Settling {
    /**
     * Waits until what runs has ended.
     *
     * @return whether anything ran
     */
    boolean settle() throws InterruptedException;
}

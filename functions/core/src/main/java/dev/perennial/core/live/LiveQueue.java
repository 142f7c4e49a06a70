package dev.perennial.core.live;

/** Where rows wait until they are stored. */
public interface LiveQueue {
    /**
     * Sends rows, as many messages as they need. Returns when the queue has all of them.
     *
     * @throws QueueUnavailableException if it didn't take all, with those that it may not have
     */
    void send(LiveMessage message);
}

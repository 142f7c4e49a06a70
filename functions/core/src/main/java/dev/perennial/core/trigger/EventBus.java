package dev.perennial.core.trigger;

/** Where others hear of what happened, without being waited for. */
public interface EventBus {
    /** The source of every event; the permissions in template.yaml hold to it. */
    String SOURCE = "perennial";

    /**
     * Sends an event.
     *
     * @param type such as {@code perennial.drift.detected}
     * @param detail becomes a JSON object
     * @throws EventNotSentException if the bus didn't take it
     */
    void send(String type, Object detail);
}

package dev.perennial.local.event;

import java.util.Map;

/** Where failed events are put aside. */
@FunctionalInterface
public interface Queues {
    /**
     * Sends a message.
     *
     * @param queue ARN
     */
    void send(String queue, String body, Map<String, Attribute> attributes);

    /**
     * A message attribute.
     *
     * @param type String or Number
     */
    record Attribute(String type, String value) {}
}

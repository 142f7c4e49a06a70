package dev.perennial.core.trigger;

import dev.perennial.core.error.TransientException;

/** Thrown when the event bus doesn't take an event: it is down, slow, throttles, or refuses it. */
public final class EventNotSentException extends TransientException {
    public EventNotSentException(String type, String why, Throwable cause) {
        super("the event bus didn't take %s: %s".formatted(type, why), cause);
    }
}

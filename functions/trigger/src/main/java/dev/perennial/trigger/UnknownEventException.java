package dev.perennial.trigger;

import dev.perennial.core.error.PermanentException;

/** Thrown when an event is none that could start a run. */
public final class UnknownEventException extends PermanentException {
    public UnknownEventException(String why) {
        super("this event starts no run: " + why);
    }
}

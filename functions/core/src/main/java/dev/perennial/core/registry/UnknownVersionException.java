package dev.perennial.core.registry;

import dev.perennial.core.error.PermanentException;

/** Thrown when a version doesn't exist. */
public final class UnknownVersionException extends PermanentException {
    public UnknownVersionException(String pipeline, int version) {
        super("%s has no version %d".formatted(pipeline, version));
    }
}

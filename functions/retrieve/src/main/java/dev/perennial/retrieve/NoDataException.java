package dev.perennial.retrieve;

import dev.perennial.core.error.PermanentException;

/** Thrown when the source holds no readable row in the window. */
public final class NoDataException extends PermanentException {
    public NoDataException(String message) {
        super(message);
    }
}

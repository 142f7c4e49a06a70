package dev.perennial.model;

import dev.perennial.core.error.PermanentException;

/**
 * Thrown when data can't be trained on or a file is not a model of ours: the same call fails again.
 */
public final class ModelException extends PermanentException {
    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.perennial.monitor;

import dev.perennial.core.error.PermanentException;

/** Thrown when predictions were made by a version that the registry doesn't have. */
public final class UnknownPredictorException extends PermanentException {
    public UnknownPredictorException(String pipeline, int version) {
        super(
                "version %d of %s predicted, but the registry has no such version; restore the table to a time when it had"
                        .formatted(version, pipeline));
    }
}

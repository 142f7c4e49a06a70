package dev.perennial.core.store;

import dev.perennial.core.error.PermanentException;

/** Thrown when an artifact that was stored is not there any more. */
public final class ArtifactMissingException extends PermanentException {
    public ArtifactMissingException(String key) {
        super(
                "%s is not in the store; it was deleted or expired, run the pipeline again"
                        .formatted(key));
    }
}

package dev.perennial.core.store;

import dev.perennial.core.error.PermanentException;

/**
 * Thrown when an artifact's bytes don't match the digest they were stored under. Never retried: the
 * object changed.
 */
public final class ArtifactCorruptedException extends PermanentException {
    public ArtifactCorruptedException(ArtifactRef expected, Digest found) {
        super(
                "%s should have SHA-256 %s but has %s; restore the object's version or run the pipeline again"
                        .formatted(expected.key(), expected.sha256(), found));
    }
}

package dev.perennial.core.store;

import dev.perennial.core.error.ConflictException;

/** Thrown when a key already holds other bytes. Artifacts are never overwritten. */
public final class ArtifactConflictException extends ConflictException {
    public ArtifactConflictException(String key, Digest offered, String found) {
        super(
                "%s already holds other bytes (%s, offered %s); a run writes each artifact once, start a new run"
                        .formatted(key, found, offered.abbreviated()));
    }
}

package dev.perennial.core.registry;

import dev.perennial.core.error.ConflictException;

/** Thrown when an alias moved between the decision and the change. Nothing was changed. */
public final class StaleAliasException extends ConflictException {
    public StaleAliasException(String pipeline, String alias, int expectedRevision) {
        super(
                ("%s of %s changed since the decision (expected revision %d); another run or a person was faster,"
                                + " run the pipeline again to compare with the new one")
                        .formatted(alias, pipeline, expectedRevision));
    }
}

package dev.perennial.core.registry;

import java.time.Instant;

/**
 * A name that points to a version, and the change that made it point there.
 *
 * @param name such as {@code champion}
 * @param revision 1 for the first change, then one more each; the optimistic lock
 * @param previousVersion where it pointed before; 0 for the first change
 * @param run the run on whose behalf it was changed; empty: a person changed it
 * @param reason in words
 */
public record Alias(
        String pipeline,
        String name,
        int version,
        int revision,
        int previousVersion,
        Instant changedAt,
        String changedBy,
        String run,
        String reason) {
    /** The version that serves. */
    public static final String CHAMPION = "champion";

    /** Whether a person changed it rather than a run. */
    public boolean byPerson() {
        return run.isEmpty();
    }
}

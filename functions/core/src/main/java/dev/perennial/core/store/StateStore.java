package dev.perennial.core.store;

import java.util.Optional;

/** Which state is the present one, of what goes on from one look to the next. */
public interface StateStore {
    /**
     * A state in its place.
     *
     * @param revision counts looks; the optimistic lock
     * @param state JSON
     */
    record Present(long revision, ArtifactRef state) {}

    Optional<Present> present(String pipeline);

    /**
     * Puts the next state in place of the one with the revision before.
     *
     * @return false if another look was faster; nothing is changed then
     */
    boolean replace(String pipeline, Present next);
}

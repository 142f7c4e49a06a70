package dev.perennial.core.monitor;

import dev.perennial.core.store.ArtifactRef;
import java.util.Optional;

/** Which state of the monitor is the present one. */
public interface MonitorStore {
    /**
     * A state in its place.
     *
     * @param revision counts looks; the optimistic lock
     * @param state a {@link MonitorState} as JSON
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

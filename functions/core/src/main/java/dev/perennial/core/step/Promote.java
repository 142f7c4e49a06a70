package dev.perennial.core.step;

import java.time.Instant;
import java.util.Optional;

/** Contract of the step that makes a version champion. */
public final class Promote {
    private Promote() {}

    /**
     * Input.
     *
     * @param championRevision that the alias still has to have
     * @param at when it was decided
     * @param by who decided; empty: a training
     * @param reason why, in a sentence
     */
    public record Input(
            String run,
            String pipeline,
            Instant startedAt,
            int version,
            int championRevision,
            Instant at,
            Optional<String> by,
            String reason) {}

    /**
     * Output.
     *
     * @param previousVersion the champion before; 0: there was none
     */
    public record Output(int version, int previousVersion, int revision) {}
}

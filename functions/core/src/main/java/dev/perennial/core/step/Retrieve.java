package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Optional;

/** Contract of the step that selects the window and writes the snapshot. */
public final class Retrieve {
    private Retrieve() {}

    /**
     * Input.
     *
     * @param source folder under {@code store/} that holds the rows
     * @param since rows before are left out, too; empty: the spec's window counts
     * @param until rows from here on are left out
     * @param asOf batches of feature views that came later are left out; empty: all count
     * @param startedAt when the run started
     * @param onlySnapshot whether no run goes on from here, so that none is recorded
     */
    public record Input(
            String run,
            String pipeline,
            String source,
            Optional<Instant> since,
            Instant until,
            Optional<Instant> asOf,
            Instant startedAt,
            Optional<Boolean> onlySnapshot) {}

    /**
     * Output.
     *
     * @param spec this run's copy of the spec
     * @param badRows what could not be read, with reasons
     * @param promotion what the run does with a version that passes its gates
     */
    public record Output(
            ArtifactRef spec, SnapshotRef snapshot, ArtifactRef badRows, Promotion promotion) {}

    /**
     * The spec's promotion block in the state machine's units.
     *
     * @param withinSeconds the time for a decision
     * @param timeoutSeconds how long the state machine waits for it; where the monitor decides, it
     *     looks once more after the time is over
     * @param share of the callers that a canary answers
     * @param confidence with which a challenger has to win
     */
    public record Promotion(
            Mode mode, long withinSeconds, long timeoutSeconds, double share, double confidence) {}
}

package dev.perennial.core.step;

import dev.perennial.core.retrain.Stakes;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Optional;

/**
 * Contract of the step that compares what serves with probes. It is called again with the rows that
 * it asks for, until it asks for none.
 */
public final class Probe {
    private Probe() {}

    /**
     * Input.
     *
     * @param until now
     * @param lastRun when the last run began, whatever came of it
     * @param rows that the last call asked for; empty: the first call
     * @param runGoesOn whether a run compares with the champion just now, so that it has to stay
     */
    public record Input(
            String run,
            String pipeline,
            Instant until,
            Stakes stakes,
            Optional<Instant> lastRun,
            boolean runGoesOn,
            Optional<Rows> rows) {}

    /**
     * What the store has.
     *
     * @param since as asked for
     * @param snapshot empty: there is no labelled row
     * @param spec by which they were retrieved
     */
    public record Rows(
            Optional<Instant> since, Optional<SnapshotRef> snapshot, Optional<ArtifactRef> spec) {
        /** Whether all rows from a moment on are among them. */
        public boolean cover(Instant from) {
            return since.filter(from::isBefore).isEmpty();
        }

        /** Whether they are all that a run would train on. */
        public boolean areAll() {
            return since.isEmpty();
        }
    }

    /**
     * Output.
     *
     * @param wants rows to be called with again; empty: that is all
     * @param bringsBack a former champion that does better than the one that serves
     * @param pays whether fresh models would have saved what a run costs
     * @param says what is known now, in a sentence
     */
    public record Output(
            Optional<Wanted> wants, Optional<Former> bringsBack, boolean pays, String says) {}

    /**
     * A version that was champion.
     *
     * @param championRevision of the alias that was compared with
     */
    public record Former(int version, int championRevision) {}

    /**
     * Labelled rows that are needed.
     *
     * @param since empty: those of the spec's whole window
     */
    public record Wanted(Optional<Instant> since) {}
}

package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.store.ArtifactRef;

/**
 * Contract of the step that trains what was judged again, on the newest rows too; its output is
 * {@link dev.perennial.core.evaluation.Refitted}.
 */
public final class Refit {
    private Refit() {}

    public record Input(
            String run,
            String pipeline,
            ArtifactRef spec,
            SnapshotRef snapshot,
            TimeSplit split,
            Recipe recipe) {}

    /**
     * How to make the model again.
     *
     * @param rounds that it was trained for; early stopping has no rows to go by any more
     * @param judged the file that was measured
     */
    public record Recipe(Candidate candidate, int rounds, ArtifactRef judged) {}
}

package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Optional;

/** Contract of the step that trains what was judged again, on the newest rows too. */
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

    /**
     * Output.
     *
     * @param model empty if what was judged predicts the test rows better by more than chance,
     *     although this one has seen them
     * @param rows that it learned from
     * @param until the newest of them
     * @param judgedLoss mean log loss or absolute error on the test rows, of what was judged
     * @param loss the same of what was trained again
     */
    public record Output(
            Optional<ArtifactRef> model, int rows, Instant until, double judgedLoss, double loss) {}
}

package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.store.ArtifactRef;
import java.util.List;

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
     * @param members what was averaged, the best first, at least one
     * @param judged the file that was measured
     */
    public record Recipe(List<Member> members, ArtifactRef judged) {
        public Recipe {
            members = List.copyOf(members);
        }
    }

    /**
     * One of the models that are averaged.
     *
     * @param rounds that it was trained for; early stopping has no rows to go by any more
     */
    public record Member(Candidate candidate, int rounds) {}
}

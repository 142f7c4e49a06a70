package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.store.ArtifactRef;
import java.util.List;

/** Contract of the step that fits the preparation graph and draws the candidates. */
public final class Prepare {
    private Prepare() {}

    public record Input(String run, String pipeline, ArtifactRef spec, SnapshotRef snapshot) {}

    /**
     * Output.
     *
     * @param split of the labelled rows
     * @param candidates what to train; the last one is the linear baseline
     */
    public record Output(Prepared prepared, TimeSplit split, List<Candidate> candidates) {}

    /**
     * What training needs.
     *
     * @param preparation the fitted graph
     * @param train training matrix
     * @param times of the training rows
     * @param validation matrix for early stopping and calibration
     * @param test matrix for parity
     */
    public record Prepared(
            ArtifactRef preparation,
            ArtifactRef train,
            ArtifactRef times,
            ArtifactRef validation,
            ArtifactRef test) {}
}

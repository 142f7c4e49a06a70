package dev.perennial.core.step;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.validation.Findings.Verdict;
import java.time.Instant;

/** Contract of the step that profiles and judges the snapshot. */
public final class Validate {
    private Validate() {}

    public record Input(
            String run,
            String pipeline,
            Instant startedAt,
            ArtifactRef spec,
            SnapshotRef snapshot) {}

    public record Output(
            Verdict verdict, int errors, int warnings, ArtifactRef profile, ArtifactRef findings) {}
}

package dev.perennial.core.step;

import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Contract of the step that gives the accepted candidate its number. */
public final class Register {
    private Register() {}

    /**
     * Input.
     *
     * @param model that was judged
     * @param refit what became of training it again, where the spec wants that
     */
    public record Input(
            String run,
            String pipeline,
            Instant startedAt,
            ArtifactRef spec,
            SnapshotRef snapshot,
            ArtifactRef profile,
            ArtifactRef evaluation,
            ArtifactRef model,
            Optional<Refitted> refit,
            Map<String, Double> metrics) {}

    public record Output(int version, ArtifactRef model, ArtifactRef modelCard) {}
}

package dev.perennial.core.registry;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A registered model. Never changes.
 *
 * @param version 1, 2, 3 … within its pipeline
 * @param model the ONNX file that serves
 * @param refit what the evaluation measured, where the model was trained again after it
 * @param profile of the data it was trained on; the live side compares with it
 * @param metrics on the test split, by the spec's metric names
 * @param registeredAt when the run that made it started
 */
public record ModelVersion(
        String pipeline,
        int version,
        String run,
        Instant registeredAt,
        ArtifactRef model,
        Optional<Refit> refit,
        ArtifactRef modelCard,
        ArtifactRef evaluation,
        ArtifactRef profile,
        ArtifactRef spec,
        SnapshotRef snapshot,
        Map<String, Double> metrics) {
    public ModelVersion {
        if (version < 1) {
            throw new IllegalArgumentException(
                    "version " + version + " of " + pipeline + ", expected 1 or more");
        }
        metrics = Map.copyOf(metrics);
    }

    /**
     * Of a model that was trained again on newer rows.
     *
     * @param judged the ONNX file that the evaluation measured; this one is compared with a
     *     challenger
     * @param until the newest row that the model that serves has learned from
     */
    public record Refit(ArtifactRef judged, Instant until) {}

    /** The file that its evaluation measured. */
    public ArtifactRef judged() {
        return refit.map(Refit::judged).orElse(model);
    }
}

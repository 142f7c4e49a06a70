package dev.perennial.evaluate;

import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.store.ArtifactStore;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A version of the registry, the file that was judged of it, and what its own evaluation said. An
 * older factory may have written that, so no more is read of it than is needed here.
 */
record RegisteredModel(ModelVersion version, byte[] onnx, JsonNode evaluation) {
    static RegisteredModel read(ArtifactStore artifacts, ModelVersion version) {
        return new RegisteredModel(
                version,
                artifacts.read(version.judged().orElse(version.model())),
                Json.tree(
                        "evaluation of version " + version.version(),
                        artifacts.read(version.evaluation())));
    }

    int number() {
        return version.version();
    }

    /** Where the rows end that it was trained on or chosen by: its own test rows begin. */
    Instant learnedUntil() {
        return Instant.parse(evaluation.path("rows").path("testFrom").asString());
    }

    List<FeatureShare> importance() {
        return List.of(
                Json.read("importance", evaluation.path("importance"), FeatureShare[].class));
    }
}

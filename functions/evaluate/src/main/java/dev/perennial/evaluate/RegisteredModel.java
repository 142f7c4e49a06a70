package dev.perennial.evaluate;

import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.store.ArtifactStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A version of the registry: one of its files, and what its own evaluation said. An older factory
 * may have written that, so no more is read of it than is needed here.
 *
 * @param slices by which its errors are kept; empty where an older factory tested it
 * @param learnedUntil where the rows end that the file was trained on or chosen by
 */
record RegisteredModel(
        ModelVersion version,
        byte[] onnx,
        Instant learnedUntil,
        List<FeatureShare> importance,
        Optional<Slices> slices) {
    /** The file that was judged: its test rows it has not learned from. */
    static RegisteredModel judged(ArtifactStore artifacts, ModelVersion version) {
        JsonNode evaluation = evaluation(artifacts, version);
        return new RegisteredModel(
                version,
                artifacts.read(version.judged()),
                testFrom(evaluation),
                importance(evaluation),
                slices(evaluation));
    }

    /** The file that serves. */
    static RegisteredModel serving(ArtifactStore artifacts, ModelVersion version) {
        JsonNode evaluation = evaluation(artifacts, version);
        return new RegisteredModel(
                version,
                artifacts.read(version.model()),
                version.refit()
                        .map(refit -> refit.until().plus(1, ChronoUnit.MICROS))
                        .orElseGet(() -> testFrom(evaluation)),
                importance(evaluation),
                slices(evaluation));
    }

    private static JsonNode evaluation(ArtifactStore artifacts, ModelVersion version) {
        return Json.tree(
                "evaluation of version " + version.version(), artifacts.read(version.evaluation()));
    }

    private static Instant testFrom(JsonNode evaluation) {
        return Instant.parse(evaluation.path("rows").path("testFrom").asString());
    }

    private static Optional<Slices> slices(JsonNode evaluation) {
        JsonNode slices = evaluation.path("predicted").path("slices").path("slices");
        return slices.isMissingNode()
                ? Optional.empty()
                : Optional.of(Json.read("slices", slices, Slices.class));
    }

    private static List<FeatureShare> importance(JsonNode evaluation) {
        return List.of(
                Json.read("importance", evaluation.path("importance"), FeatureShare[].class));
    }
}

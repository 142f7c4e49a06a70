package dev.perennial.register;

import dev.perennial.aws.Step;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.step.Register;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.model.OnnxModel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Stamps the model with what it is and where it comes from, and registers it in one transaction.
 */
final class RegisterStep implements Step<Register.Input, Register.Output> {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    RegisterStep(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    @Override
    public Register.Output apply(Register.Input input) {
        Optional<ArtifactRef> refit = input.refit().flatMap(Refitted::model);
        byte[] judged = artifacts.read(input.model());
        byte[] onnx = refit.map(artifacts::read).orElse(judged);
        Evaluation evaluation =
                Json.read("evaluation", artifacts.read(input.evaluation()), Evaluation.class);
        SnapshotManifest data =
                Json.read(
                        "snapshot manifest",
                        artifacts.read(input.snapshot().manifest()),
                        SnapshotManifest.class);
        ModelVersion version =
                registry.register(
                        input.pipeline(),
                        input.run(),
                        number ->
                                describe(
                                        input,
                                        onnx,
                                        refit.map(_ -> judged),
                                        evaluation,
                                        data,
                                        number));
        return new Register.Output(version.version(), version.model(), version.modelCard());
    }

    private ModelVersion describe(
            Register.Input input,
            byte[] onnx,
            Optional<byte[]> judged,
            Evaluation evaluation,
            SnapshotManifest data,
            int number) {
        Map<String, String> lineage =
                Map.of(
                        "pipeline", input.pipeline(),
                        "version", Integer.toString(number),
                        "run", input.run(),
                        "snapshot", input.snapshot().digest().hex(),
                        "spec", input.spec().sha256().hex());
        ArtifactRef model =
                put(
                        input,
                        number,
                        "model.onnx",
                        OnnxModel.stamp(onnx, lineage),
                        "application/onnx");
        Optional<ModelVersion.Refit> kept =
                judged.map(measured ->
                        new ModelVersion.Refit(
                                put(
                                        input,
                                        number,
                                        "judged.onnx",
                                        OnnxModel.stamp(measured, lineage),
                                        "application/onnx"),
                                input.refit().orElseThrow().until()));
        String card = ModelCard.write(input, number, model, evaluation, data);
        ArtifactRef modelCard =
                put(
                        input,
                        number,
                        "model-card.md",
                        card.getBytes(StandardCharsets.UTF_8),
                        "text/markdown");
        return new ModelVersion(
                input.pipeline(),
                number,
                input.run(),
                input.startedAt(),
                model,
                kept,
                modelCard,
                input.evaluation(),
                input.profile(),
                input.spec(),
                input.snapshot(),
                input.metrics());
    }

    private ArtifactRef put(
            Register.Input input, int number, String file, byte[] content, String mediaType) {
        return artifacts.put(
                Keys.model(input.pipeline(), number, input.run(), file), content, mediaType);
    }
}

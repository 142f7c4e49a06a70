package dev.perennial.core;

import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Task;
import dev.perennial.core.registry.InMemoryModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.Lookback;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A run of the pipeline {@value #PIPELINE} whose spec and snapshot are there already, for the tests
 * of single steps.
 */
public final class SampleRun {
    public static final String PIPELINE = "shop";
    public static final String RUN = "run-1";
    public static final Instant STARTED = Instant.parse("2026-03-10T00:00:00Z");

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final InMemoryModelRegistry registry = new InMemoryModelRegistry();
    private final ArtifactRef spec;
    private final SnapshotRef snapshot;

    /**
     * Writes both.
     *
     * @param csv the snapshot's rows, in order of time
     */
    public SampleRun(String yaml, String csv) {
        spec =
                artifacts.put(
                        Keys.step(RUN, "retrieve", "spec.yaml"), bytes(yaml), "application/yaml");
        int rows = Math.toIntExact(csv.lines().count()) - 1;
        Digest digest = Digest.of(bytes(csv));
        SnapshotManifest manifest =
                new SnapshotManifest(
                        PIPELINE,
                        spec.sha256(),
                        STARTED.minus(Duration.ofDays(90)),
                        STARTED,
                        List.of(),
                        rows,
                        0,
                        0,
                        0,
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        List.of(),
                        digest);
        byte[] json = Json.pretty(manifest);
        Digest identity = Digest.of(json);
        snapshot =
                new SnapshotRef(
                        artifacts.put(
                                Keys.snapshot(identity, "manifest.json"), json, "application/json"),
                        artifacts.put(Keys.snapshot(identity, "data.csv"), bytes(csv), "text/csv"),
                        rows);
    }

    /** With {@link Rows}: 1,500 hours, of which the last 16 days validate and test. */
    public static SampleRun good() {
        return new SampleRun(Rows.spec(PIPELINE), Rows.csv(1_500, 1));
    }

    public InMemoryArtifactStore artifacts() {
        return artifacts;
    }

    public InMemoryModelRegistry registry() {
        return registry;
    }

    public ArtifactRef spec() {
        return spec;
    }

    public SnapshotRef snapshot() {
        return snapshot;
    }

    public PipelineSpec pipeline() {
        return SpecReader.read(
                spec.key(), new String(artifacts.read(spec), StandardCharsets.UTF_8));
    }

    /** Stores something under this run's name. */
    public ArtifactRef put(String file, byte[] content) {
        return artifacts.put(Keys.step(RUN, "sample", file), content, "application/octet-stream");
    }

    /**
     * Stores what an evaluation might have found.
     *
     * @param feature takes part in slices and importance; may be hostile text
     */
    public ArtifactRef evaluation(boolean accepted, String feature) {
        return evaluation("evaluation.json", accepted, feature, STARTED, Optional.empty());
    }

    /** As of a run that found a former champion better than what it had trained. */
    public ArtifactRef recallingEvaluation(int version) {
        return evaluation(
                "recalling.json",
                true,
                "size",
                STARTED,
                Optional.of(
                        new Evaluation.Former(
                                List.of(
                                        new Evaluation.FormerScore(
                                                version, OptionalDouble.of(0.3), Optional.empty())),
                                OptionalInt.of(version))));
    }

    private ArtifactRef evaluation(
            String file,
            boolean accepted,
            String feature,
            Instant testFrom,
            Optional<Evaluation.Former> former) {
        Interval auc = new Interval(0.8, 0.75, 0.85, 0.95);
        Evaluation evaluation =
                new Evaluation(
                        Task.BINARY,
                        List.of("no", "yes"),
                        new Evaluation.Rows(1_000, 200, 300, 12, testFrom, testFrom),
                        List.of(
                                new Evaluation.CandidateScore(
                                        0,
                                        TrainerName.XGBOOST,
                                        Map.of("eta", 0.1),
                                        Optional.of(
                                                new Lookback(
                                                        Optional.of(Duration.ofDays(70)),
                                                        Optional.empty())),
                                        OptionalDouble.of(0.4),
                                        40,
                                        Optional.empty()),
                                new Evaluation.CandidateScore(
                                        1,
                                        TrainerName.XGBOOST,
                                        Map.of("eta", 0.2),
                                        Optional.empty(),
                                        OptionalDouble.empty(),
                                        0,
                                        Optional.of("Boom: " + feature))),
                        0,
                        Optional.empty(),
                        former,
                        OptionalInt.empty(),
                        0,
                        List.of(
                                new Evaluation.ModelScore(
                                        Evaluation.CANDIDATE, Map.of("auc", auc))),
                        new Evaluation.Resampling(1_000, 300, 7),
                        Optional.of(new Evaluation.ParityScore(1e-7, 1e-5, 300)),
                        List.of(new Evaluation.CurvePoint(0.2, 0.25, 300)),
                        Optional.empty(),
                        List.of(
                                new Evaluation.SliceScore(
                                        feature,
                                        feature,
                                        300,
                                        "auc",
                                        OptionalDouble.of(0.8),
                                        OptionalDouble.empty())),
                        List.of(new Evaluation.FeatureShare(feature, 1)),
                        List.of(new Evaluation.GateResult("auc at least 0.9", accepted, "0.8000")),
                        accepted);
        return artifacts.put(
                Keys.step(RUN, "evaluate", file), Json.pretty(evaluation), "application/json");
    }

    /** Makes a stored artifact another than it was. */
    public void damage(ArtifactRef artifact) {
        artifacts.replace(artifact.key(), bytes("damaged"), artifact.mediaType());
    }

    /** Registers a version on behalf of another run and makes it champion. */
    public ModelVersion champion(String otherRun, ArtifactRef model, ArtifactRef profile) {
        return champion(otherRun, model, profile, Rows.BEGIN);
    }

    /** As above, of a run whose test rows began at the given time. */
    public ModelVersion champion(
            String otherRun, ArtifactRef model, ArtifactRef profile, Instant testFrom) {
        return champion(otherRun, model, Optional.empty(), profile, testFrom);
    }

    /** As above, of a model that was trained again after its test. */
    public ModelVersion champion(
            String otherRun,
            ArtifactRef model,
            Optional<ModelVersion.Refit> refit,
            ArtifactRef profile,
            Instant testFrom) {
        ArtifactRef evaluation =
                evaluation("evaluation-of-" + otherRun, true, "x", testFrom, Optional.empty());
        ModelVersion version =
                registry.register(
                        PIPELINE,
                        otherRun,
                        number ->
                                new ModelVersion(
                                        PIPELINE,
                                        number,
                                        otherRun,
                                        STARTED,
                                        model,
                                        refit,
                                        model,
                                        evaluation,
                                        profile,
                                        spec,
                                        snapshot,
                                        Map.of()));
        int revision =
                registry.championBefore(PIPELINE, RUN).map(alias -> alias.revision()).orElse(0);
        registry.point(
                PIPELINE,
                "champion",
                version.version(),
                revision,
                STARTED,
                "test",
                otherRun,
                "for a test");
        return version;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.perennial.validate;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.step.Validate;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.Table;
import dev.perennial.core.validation.Findings;
import dev.perennial.core.validation.Severity;
import dev.perennial.core.validation.Subject;
import dev.perennial.core.validation.Validator;
import java.util.Optional;

/**
 * Profiles the snapshot, compares it with what the spec says and with what the champion was trained
 * on.
 */
final class ValidateStep implements Step<Validate.Input, Validate.Output> {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    ValidateStep(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    @Override
    public Validate.Output apply(Validate.Input input) {
        PipelineSpec spec = Snapshots.spec(artifacts, input.spec());
        Table table = Snapshots.table(artifacts, input.snapshot(), spec.schema());
        TableProfile profile = TableProfile.of(table);
        SnapshotManifest manifest = manifest(input.snapshot().manifest());
        Optional<ModelVersion> champion =
                registry.championBefore(input.pipeline(), input.run())
                        .flatMap(alias -> registry.version(input.pipeline(), alias.version()));
        Findings findings =
                Validator.validate(
                        Subject.of(
                                spec,
                                table,
                                profile,
                                manifest,
                                past(input, champion),
                                input.startedAt()));
        return new Validate.Output(
                findings.verdict(),
                findings.count(Severity.ERROR),
                findings.count(Severity.WARNING),
                put(input, "profile.json", profile.without(spec.personalColumns()).toJson()),
                put(
                        input,
                        "findings.json",
                        Json.pretty(findings.against(champion.map(ModelVersion::profile)))));
    }

    private SnapshotManifest manifest(ArtifactRef stored) {
        return Json.read("snapshot manifest", artifacts.read(stored), SnapshotManifest.class);
    }

    /** What earlier versions were trained on. */
    private Subject.Past past(Validate.Input input, Optional<ModelVersion> champion) {
        return new Subject.Past(
                champion.map(version -> TableProfile.fromJson(artifacts.read(version.profile()))),
                champion.flatMap(version -> known(version.snapshot().manifest())),
                registry.versions(input.pipeline()).stream()
                        .filter(version -> !version.run().equals(input.run()))
                        .map(version -> version.snapshot().rows())
                        .toList());
    }

    /** A manifest that an earlier release wrote may lack what is compared. */
    private Optional<SnapshotManifest> known(ArtifactRef stored) {
        try {
            return Optional.of(manifest(stored));
        } catch (MalformedJsonException anotherRelease) {
            return Optional.empty();
        }
    }

    private ArtifactRef put(Validate.Input input, String file, byte[] content) {
        return artifacts.put(Keys.step(input.run(), "validate", file), content, "application/json");
    }
}

package dev.perennial.monitor;

import dev.perennial.aws.PresentSpec;
import dev.perennial.aws.Snapshots;
import dev.perennial.core.drift.RankScores;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Predicted;
import dev.perennial.core.evaluation.SliceErrors;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import dev.perennial.core.monitor.Monitor;
import dev.perennial.core.monitor.Reference;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the monitor has to know of versions; each is looked up once per process. */
final class Champions {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final String pipeline;
    private final PresentSpec spec;
    private final Map<Integer, Version> versions = new HashMap<>();
    private Monitor.@Nullable Champion last;

    Champions(ArtifactStore artifacts, ModelRegistry registry, String pipeline) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.pipeline = pipeline;
        this.spec = new PresentSpec(artifacts, pipeline);
    }

    /**
     * A registered version.
     *
     * @param profile of its training rows
     * @param scores of them, by which live rows are paired
     * @param classes in the order of probabilities; empty for regression
     */
    record Version(
            ModelVersion registered,
            PipelineSpec spec,
            Evaluation evaluation,
            TableProfile profile,
            RankScores scores,
            List<String> classes) {
        /** As its own run cut them; one that brings it back tests the same. */
        Optional<Slices> slices() {
            return evaluation.predicted().flatMap(Predicted::slices).map(SliceErrors::slices);
        }

        /** Whether it is a regression whose file says how far off its answers may be. */
        boolean expectsErrors() {
            return spec.task() == Task.REGRESSION
                    && registered.refit().isEmpty()
                    && evaluation
                            .predicted()
                            .filter(each -> each.expectedError().isPresent())
                            .isPresent();
        }
    }

    /** The spec as it is now: what it says of drift counts, not what it said at training. */
    PipelineSpec spec() {
        return spec.get();
    }

    synchronized Version version(int number) {
        return versions.computeIfAbsent(number, this::load);
    }

    private Version load(int number) {
        ModelVersion registered =
                registry.version(pipeline, number)
                        .orElseThrow(() -> new UnknownPredictorException(pipeline, number));
        Evaluation evaluation =
                Json.read(
                        "evaluation of version " + number,
                        artifacts.read(registered.evaluation()),
                        Evaluation.class);
        PipelineSpec trained = Snapshots.spec(artifacts, registered.spec());
        TableProfile profile = TableProfile.fromJson(artifacts.read(registered.profile()));
        return new Version(
                registered,
                trained,
                evaluation,
                profile,
                Reference.scores(trained, profile, evaluation),
                evaluation.classes());
    }

    /** The champion to compare with, or nothing before the first. */
    synchronized Optional<Monitor.Champion> present(PipelineSpec spec) {
        Optional<Alias> alias = registry.alias(pipeline, Alias.CHAMPION);
        if (alias.isEmpty()) {
            return Optional.empty();
        }
        Monitor.Champion known = last;
        if (known == null
                || known.revision() != alias.get().revision()
                || known.reference().version() != alias.get().version()
                || !known.reference().since().equals(alias.get().changedAt())) {
            known = champion(spec, alias.get());
            last = known;
        }
        return Optional.of(known);
    }

    /**
     * What it is measured against is its newest test: a version that a run brought back was tested
     * by that run, years after its own perhaps.
     */
    private Monitor.Champion champion(PipelineSpec spec, Alias alias) {
        Version version = version(alias.version());
        Optional<Evaluation> recalling = recalling(alias, version.registered());
        Evaluation tested = recalling.orElse(version.evaluation());
        // What was judged predicts otherwise than what serves, if that was trained again.
        boolean refitted = recalling.isEmpty() && version.registered().refit().isPresent();
        Optional<Predicted> predicted = refitted ? Optional.empty() : tested.predicted();
        Table rows =
                Snapshots.table(
                        artifacts, version.registered().snapshot(), version.spec().schema());
        Reference reference =
                Reference.of(
                        spec, version.spec(), alias, version.profile(), tested, predicted, rows);
        return new Monitor.Champion(
                reference,
                alias.revision(),
                version.profile(),
                Optional.of(
                        ColumnProfile.of(
                                LabelledRows.of(version.spec(), rows)
                                        .column(version.spec().label().column()))),
                predicted.map(Predicted::profile),
                tested.predicted().flatMap(Predicted::slices),
                refitted);
    }

    /** The evaluation that chose a version anew: of a run that registered nothing. */
    private Optional<Evaluation> recalling(Alias alias, ModelVersion registered) {
        if (alias.byPerson() || alias.run().equals(registered.run())) {
            return Optional.empty();
        }
        String key = Keys.step(alias.run(), "evaluate", "evaluation.json");
        return artifacts
                .current(key)
                .map(json -> Json.read(key, json, Evaluation.class))
                .filter(evaluation -> evaluation.recalled().orElse(0) == alias.version());
    }
}

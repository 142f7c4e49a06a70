package dev.perennial.conclude;

import dev.perennial.aws.Step;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.json.Json;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.Cost;
import dev.perennial.core.run.FailureCause;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.run.RunSummary.BadRows;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.step.Conclude;
import dev.perennial.core.step.Promote;
import dev.perennial.core.step.Register;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.BadRow;
import dev.perennial.core.text.Shortened;
import dev.perennial.core.validation.Finding;
import dev.perennial.core.validation.Findings;
import dev.perennial.core.validation.Severity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gathers what the steps left behind into one summary, writes it and the report, and closes the
 * run's record.
 */
final class ConcludeStep implements Step<Conclude.Input, Conclude.Output> {
    private static final int MOST_REASONS = 10;
    private static final int LONGEST_REASON = 4_000;
    private static final int SHOWN_BAD_ROWS = 20;

    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    ConcludeStep(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    @Override
    public Conclude.Output apply(Conclude.Input input) {
        Optional<PipelineSpec> spec =
                input.spec()
                        .map(ref ->
                                SpecReader.read(
                                        ref.key(),
                                        new String(artifacts.read(ref), StandardCharsets.UTF_8)));
        Optional<TableProfile> profile =
                input.profile().map(ref -> TableProfile.fromJson(artifacts.read(ref)));
        Optional<Findings> findings =
                input.findings()
                        .map(ref -> Json.read("findings", artifacts.read(ref), Findings.class));
        Optional<TableProfile> champion =
                findings.flatMap(Findings::champion)
                        .map(ref -> TableProfile.fromJson(artifacts.read(ref)));
        RunSummary summary =
                summary(input, spec, findings.map(Findings::findings).orElse(List.of()));
        ArtifactRef written = put(input, "run.json", Json.pretty(summary), "application/json");
        byte[] html =
                Report.render(summary, spec, profile, champion).getBytes(StandardCharsets.UTF_8);
        ArtifactRef report = put(input, "report.html", html, "text/html");
        registry.record(
                new RunRecord(
                        input.pipeline(),
                        input.run(),
                        input.status(),
                        input.startedAt(),
                        summary.version(),
                        summary.reason(),
                        Optional.of(report),
                        summary.cost().totalUsd()));
        return new Conclude.Output(input.status(), written, report);
    }

    private RunSummary summary(
            Conclude.Input input, Optional<PipelineSpec> spec, List<Finding> findings) {
        Optional<Evaluation> evaluation =
                input.evaluation()
                        .map(ref -> Json.read("evaluation", artifacts.read(ref), Evaluation.class));
        Optional<SnapshotManifest> data =
                input.snapshot()
                        .map(ref ->
                                Json.read(
                                        "snapshot manifest",
                                        artifacts.read(ref.manifest()),
                                        SnapshotManifest.class));
        OptionalInt before =
                evaluation.map(Evaluation::championVersion).orElse(OptionalInt.empty());
        OptionalInt after =
                input.promoted().map(Promote.Output::version).map(OptionalInt::of).orElse(before);
        return new RunSummary(
                input.pipeline(),
                input.run(),
                input.status(),
                reason(input, findings, evaluation),
                input.startedAt(),
                version(input, evaluation),
                before,
                after,
                spec.map(each -> OptionalLong.of(each.train().seed())).orElse(OptionalLong.empty()),
                input.snapshot().map(SnapshotRef::digest),
                data,
                input.badRows().flatMap(this::badRows),
                input.registered().map(Register.Output::model),
                input.registered().map(Register.Output::modelCard),
                findings,
                evaluation,
                input.refit(),
                input.refitFailure().map(failed -> FailureCause.sentence(failed.cause())),
                input.usage(),
                Cost.of(input.usage(), transitions(input, recalled(evaluation).isPresent())));
    }

    private Optional<BadRows> badRows(ArtifactRef file) {
        List<BadRow> first =
                Stream.of(Json.read("bad rows", artifacts.read(file), BadRow[].class))
                        .limit(SHOWN_BAD_ROWS)
                        .toList();
        return first.isEmpty() ? Optional.empty() : Optional.of(new BadRows(file, first));
    }

    /** States entered up to the end, by what was reached; those that failed are not in it. */
    private static int transitions(Conclude.Input input, boolean recalled) {
        int calls = input.usage().size();
        int begin = 2; // Begin, Announce start
        // This, Announce end, Outcome, its name
        int end = input.status() == RunStatus.AWAITING_APPROVAL ? 1 : 4;
        int fitness = input.profile().isPresent() ? 1 : 0; // Is data fit
        int gates = input.evaluation().isPresent() ? 3 : 0; // Train, the Choice behind, the gates
        int registration = input.registered().isPresent() ? 1 : 0; // Who decides
        int recall = recalled ? 2 : 0; // Recall, Who decides
        // Announce question, Await decision, Close question, Is it a yes
        int question = input.decision().isPresent() ? 4 : 0;
        int approval =
                input.usage().stream().anyMatch(each -> each.step().equals("conclude")) ? 1 : 0;
        return calls + begin + end + fitness + gates + registration + recall + question + approval;
    }

    /** The former champion that passed in the candidate's place. */
    private static OptionalInt recalled(Optional<Evaluation> evaluation) {
        return evaluation
                .filter(Evaluation::accepted)
                .map(Evaluation::recalled)
                .orElse(OptionalInt.empty());
    }

    private static OptionalInt version(Conclude.Input input, Optional<Evaluation> evaluation) {
        return input.registered()
                .map(registered -> OptionalInt.of(registered.version()))
                .orElseGet(() -> recalled(evaluation));
    }

    private static String reason(
            Conclude.Input input, List<Finding> findings, Optional<Evaluation> evaluation) {
        String version = "version " + version(input, evaluation).orElse(0);
        String judged =
                recalled(evaluation).isPresent()
                        ? version
                                + ", a champion of before, beats what was trained on newer rows; it passed all gates"
                        : version + " passed all gates";
        return switch (input.status()) {
            case AWAITING_APPROVAL -> judged + " and waits for approval";
            case PROMOTED ->
                    "%s and is champion%s"
                            .formatted(
                                    judged,
                                    input.decision()
                                            .map(each ->
                                                    "; decided by %s: %s"
                                                            .formatted(each.by(), each.reason()))
                                            .orElse(""));
            case REJECTED ->
                    input.decision().isPresent()
                            ? "%s, but %s decided against it: %s"
                                    .formatted(
                                            judged,
                                            input.decision().get().by(),
                                            input.decision().get().reason())
                            : "gates failed: "
                                    + joined(
                                            evaluation
                                                    .map(Evaluation::gates)
                                                    .orElse(List.of())
                                                    .stream()
                                                    .filter(gate -> !gate.passed())
                                                    .map(ConcludeStep::sentence)
                                                    .toList());
            case DATA_REJECTED ->
                    input.error().isPresent()
                            ? FailureCause.sentence(input.error().get().cause())
                            : joined(
                                    findings.stream()
                                            .filter(finding -> finding.severity() == Severity.ERROR)
                                            .map(Finding::sentence)
                                            .toList());
            case RUNNING, FAILED ->
                    input.error().map(Train.Failure::cause).map(FailureCause::sentence).orElse("");
        };
    }

    /**
     * A thousand columns may be wrong; an item of the registry takes 400 KB, and nobody reads on.
     */
    private static String joined(List<String> sentences) {
        String first = sentences.stream().limit(MOST_REASONS).collect(Collectors.joining("; "));
        String shown = Shortened.shown(first, LONGEST_REASON);
        return sentences.size() <= MOST_REASONS
                ? shown
                : "%s; and %,d more, see the report"
                        .formatted(shown, sentences.size() - MOST_REASONS);
    }

    private static String sentence(GateResult gate) {
        return "%s (%s)".formatted(gate.gate(), gate.found());
    }

    /** A run that asks for approval is concluded twice. */
    private static String folder(RunStatus status) {
        return status == RunStatus.AWAITING_APPROVAL ? "approval/" : "";
    }

    private ArtifactRef put(Conclude.Input input, String file, byte[] content, String mediaType) {
        return artifacts.put(
                Keys.step(input.run(), "conclude", folder(input.status()) + file),
                content,
                mediaType);
    }
}

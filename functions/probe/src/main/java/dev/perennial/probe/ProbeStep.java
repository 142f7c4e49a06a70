package dev.perennial.probe;

import dev.perennial.aws.PresentSpec;
import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.PackedJson;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.retrain.Advice;
import dev.perennial.core.retrain.BreakEven;
import dev.perennial.core.retrain.LoggedEvidence;
import dev.perennial.core.retrain.ProbeLog;
import dev.perennial.core.retrain.ProbeLog.Champion;
import dev.perennial.core.retrain.ProbedWorth;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.PromotionSpec.Mode;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.step.Probe;
import dev.perennial.core.step.Probe.Former;
import dev.perennial.core.step.Probe.Rows;
import dev.perennial.core.step.Probe.Wanted;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.ModelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One look at the probes: compares all models on the periods whose labels have come since the last
 * look, and trains a probe where the policy wants one. What it comes to replaces the log that it
 * began with; if another look was faster, this one counts for nothing.
 */
final class ProbeStep implements Step<Probe.Input, Probe.Output> {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final StateStore store;

    ProbeStep(ArtifactStore artifacts, ModelRegistry registry, StateStore store) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.store = store;
    }

    @Override
    public Probe.Output apply(Probe.Input input) {
        Optional<Alias> alias = registry.alias(input.pipeline(), Alias.CHAMPION);
        if (alias.isEmpty()) {
            return nothing("there is no champion yet");
        }
        PipelineSpec spec = spec(input);
        Optional<Duration> length = spec.retrain().probes();
        if (length.isEmpty()) {
            return nothing("the spec has no retrain.probes");
        }
        Champion champion = new Champion(alias.get().version(), alias.get().changedAt());
        Supplier<ModelVersion> version =
                () -> registry.version(input.pipeline(), champion.version()).orElseThrow();
        Supplier<Instant> learned = () -> manifest(version.get()).until();

        Optional<StateStore.Present> present = store.present(input.pipeline());
        Optional<ProbeLog> before = present.map(each -> ProbeLog.stored(artifacts, each.state()));
        ProbeLog log =
                before.filter(each -> each.goesOn(length.get(), champion, learned))
                        .orElseGet(() ->
                                ProbeLog.begin(
                                        input.until(),
                                        length.get(),
                                        champion,
                                        learned.get(),
                                        probe(input, 0, version.get())));
        ProbeLog reached =
                log.reach(
                        log.period(input.until()),
                        champion,
                        number -> probe(input, number, version.get()));
        Look look = look(input, spec, reached, alias.get());
        boolean isNew = !before.equals(Optional.of(look.log()));
        long revision = present.map(StateStore.Present::revision).orElse(0L) + (isNew ? 1 : 0);
        boolean isOver = look.output().wants().isEmpty();
        if (isOver && (isNew || input.rows().isPresent())) {
            report(input, spec, revision, look);
        }
        if (!isNew) {
            return look.output();
        }
        return store.replace(
                        input.pipeline(),
                        new StateStore.Present(revision, put(input, revision, look.log())))
                ? look.output()
                : nothing("another look was faster, and this one counts for nothing");
    }

    /** What a look comes to. */
    private record Look(ProbeLog log, Probe.Output output) {
        static Look wants(ProbeLog log, Optional<Instant> since, String says) {
            return new Look(
                    log,
                    new Probe.Output(
                            Optional.of(new Wanted(since)), Optional.empty(), false, says));
        }
    }

    private Look look(Probe.Input input, PipelineSpec spec, ProbeLog log, Alias alias) {
        int labelled = log.labelled(input.until(), spec.label().delay());
        int known = log.periods().size();
        Instant unknown = log.begin(known);
        if (known < labelled && input.rows().filter(rows -> rows.cover(unknown)).isEmpty()) {
            return Look.wants(log, Optional.of(unknown), "labels have come");
        }
        Optional<Table> rows =
                input.rows()
                        .flatMap(Rows::snapshot)
                        .map(snapshot -> rows(spec, snapshot))
                        .filter(table -> table.rows() > 0);
        // After the newest row others may still come; before it there are no more.
        int told = rows.map(each -> log.period(newest(spec, each)) + 1).orElse(0);
        ProbeLog compared =
                known < Math.min(labelled, told)
                        ? new Scores(artifacts, registry, input.pipeline(), spec, log)
                                .upTo(Math.min(labelled, told), rows.orElseThrow())
                        : log;

        LoggedEvidence evidence = evidence(input, compared);
        Advice advice = new BreakEven(true).advise(evidence);
        int now = compared.course().period();
        if (!advice.probe() || compared.course().freshest(now) == now) {
            return done(input, spec, evidence, advice, alias, "");
        }
        if (input.rows().filter(Rows::areAll).isEmpty()) {
            return Look.wants(compared, Optional.empty(), advice.why() + "; a probe is due");
        }
        // What it learns from lies before the periods that it is compared in.
        Optional<Table> past =
                rows.map(each -> before(spec, each, compared.begin(now)))
                        .filter(each -> each.rows() > 0);
        if (past.isEmpty()) {
            return done(input, spec, evidence, advice, alias, "; a probe is due, but has no row");
        }
        try {
            ArtifactRef probe = put(input, now, ProbeTrainer.train(spec, past.get()));
            return done(
                    input,
                    spec,
                    evidence(input, compared.probed(probe)),
                    advice,
                    alias,
                    "; a probe was trained");
        } catch (ModelException untrainable) {
            return done(
                    input,
                    spec,
                    evidence,
                    advice,
                    alias,
                    "; no probe can be trained: " + untrainable.getMessage());
        }
    }

    private static Instant newest(PipelineSpec spec, Table rows) {
        long[] micros = rows.time(spec.time()).micros();
        return EventTime.instant(micros[micros.length - 1]);
    }

    private static Table before(PipelineSpec spec, Table rows, Instant end) {
        return rows.range(0, EventTime.firstNotBefore(rows.time(spec.time()).micros(), end));
    }

    private LoggedEvidence evidence(Probe.Input input, ProbeLog log) {
        List<Integer> former = registry.formerChampions(input.pipeline(), input.run());
        return new LoggedEvidence(log, input.stakes(), input.lastRun(), former::contains);
    }

    /**
     * What follows. Of a champion that came in the period that goes on nothing is known yet. Where
     * somebody has to be asked, or a trial to be won, no former champion comes back alone, nor
     * while a run compares with the one that serves.
     */
    private static Look done(
            Probe.Input input,
            PipelineSpec spec,
            LoggedEvidence evidence,
            Advice advice,
            Alias alias,
            String also) {
        ProbeLog log = evidence.log();
        if (log.version() != alias.version()) {
            return new Look(
                    log,
                    nothing(
                            "version %d came in the period that goes on%s"
                                    .formatted(alias.version(), also)));
        }
        boolean bringsBack =
                advice.serve() != log.live()
                        && spec.promotion().mode() == Mode.GATES
                        && !input.runGoesOn();
        if (bringsBack) {
            int version = log.version(advice.serve());
            return new Look(
                    log,
                    new Probe.Output(
                            Optional.empty(),
                            Optional.of(new Former(version, alias.revision())),
                            false,
                            "former version %d loses less than version %d on the rows since%s"
                                    .formatted(version, alias.version(), also)));
        }
        ProbedWorth worth = ProbedWorth.of(evidence);
        return new Look(
                log,
                new Probe.Output(
                        Optional.empty(), Optional.empty(), worth.pays(), worth.words() + also));
    }

    private static Probe.Output nothing(String says) {
        return new Probe.Output(Optional.empty(), Optional.empty(), false, says);
    }

    private PipelineSpec spec(Probe.Input input) {
        return input.rows()
                .flatMap(Rows::spec)
                .map(spec -> Snapshots.spec(artifacts, spec))
                .orElseGet(() -> new PresentSpec(artifacts, input.pipeline()).get());
    }

    private Table rows(PipelineSpec spec, SnapshotRef snapshot) {
        return LabelledRows.of(spec, Snapshots.table(artifacts, snapshot, spec.schema()));
    }

    private SnapshotManifest manifest(ModelVersion version) {
        ArtifactRef manifest = version.snapshot().manifest();
        return Json.read(manifest.key(), artifacts.read(manifest), SnapshotManifest.class);
    }

    /** On the rows that the champion's run had. */
    private ArtifactRef probe(Probe.Input input, int number, ModelVersion version) {
        PipelineSpec spec = Snapshots.spec(artifacts, version.spec());
        return put(input, number, ProbeTrainer.train(spec, rows(spec, version.snapshot())));
    }

    /** Under its digest: when the step is tried again, there may be another champion. */
    private ArtifactRef put(Probe.Input input, int number, byte[] onnx) {
        return artifacts.put(
                Keys.step(
                        input.run(),
                        "probe",
                        "period-%d-%s.onnx".formatted(number, Digest.of(onnx).abbreviated())),
                onnx,
                "application/onnx");
    }

    private void report(Probe.Input input, PipelineSpec spec, long revision, Look look) {
        String says = look.output().says();
        byte[] html =
                WorthPage.render(input.pipeline(), evidence(input, look.log()), spec.task(), says)
                        .getBytes(StandardCharsets.UTF_8);
        ArtifactRef page = put(input, "pages/%d-%s.html", revision, html, "text/html");
        byte[] json = Json.pretty(new LookReport(input.until(), says, page));
        put(input, "reports/%d-%s.json", revision, json, "application/json");
    }

    private ArtifactRef put(Probe.Input input, long revision, ProbeLog log) {
        return put(input, "%d-%s.json.gz", revision, PackedJson.write(log), PackedJson.MEDIA_TYPE);
    }

    private ArtifactRef put(
            Probe.Input input, String name, long revision, byte[] content, String mediaType) {
        return artifacts.put(
                Keys.probes(
                        input.pipeline(),
                        name.formatted(revision, Digest.of(content).abbreviated())),
                content,
                mediaType);
    }
}

package dev.perennial.local.doctor;

import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What store and registry say of a pipeline, wherever they are. */
public final class PipelineChecks {
    /** A run works for hours; one that asks may wait longer, and then says so. */
    private static final Duration LONG_RUN = Duration.ofDays(1);

    /** The monitor looks as often as the spec says; three that were missed are no accident. */
    private static final int LOOKS_MISSED = 3;

    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final String pipeline;
    private final Instant now;

    public PipelineChecks(
            ArtifactStore artifacts, ModelRegistry registry, String pipeline, Instant now) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.pipeline = pipeline;
        this.now = now;
    }

    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        Optional<PipelineSpec> spec = spec(findings);
        data(findings);
        champion(findings);
        runs(findings);
        spec.ifPresent(read -> looks(findings, read));
        notCaptured(findings);
        return findings;
    }

    private Optional<PipelineSpec> spec(List<Finding> findings) {
        String key = Keys.spec(pipeline);
        Optional<byte[]> yaml = artifacts.current(key);
        if (yaml.isEmpty()) {
            findings.add(
                    Finding.broken("there is no spec at " + key, "put it there: docs/deploy.md"));
            return Optional.empty();
        }
        try {
            PipelineSpec spec =
                    SpecReader.read(key, new String(yaml.get(), StandardCharsets.UTF_8));
            findings.add(Finding.fine("the spec is there and can be read"));
            return Optional.of(spec);
        } catch (RuntimeException wrong) {
            findings.add(
                    Finding.broken(
                            String.valueOf(wrong.getMessage()),
                            "mend the spec; perennial check SPEC says the same before you deploy"));
            return Optional.empty();
        }
    }

    private void data(List<Finding> findings) {
        String prefix = Keys.source(pipeline);
        int files = artifacts.list(prefix).size();
        findings.add(
                files == 0
                        ? Finding.note(
                                "there is no data below " + prefix,
                                "put CSV or Parquet files there; runs that name another source need none")
                        : Finding.fine("%,d files of data are below %s".formatted(files, prefix)));
    }

    private void champion(List<Finding> findings) {
        Optional<Alias> alias = registry.alias(pipeline, Alias.CHAMPION);
        if (alias.isEmpty()) {
            findings.add(
                    Finding.note(
                            "there is no champion yet, predict answers 503",
                            "start a first run: docs/deploy.md"));
            return;
        }
        int number = alias.get().version();
        Optional<ModelVersion> version = registry.version(pipeline, number);
        if (version.isEmpty()) {
            findings.add(
                    Finding.broken(
                            "the champion is version %d, which the registry doesn't have"
                                    .formatted(number),
                            "roll back: perennial rollback"));
            return;
        }
        ModelVersion champion = version.get();
        List<String> missing =
                Stream.concat(
                                Stream.of(
                                        champion.model(),
                                        champion.profile(),
                                        champion.evaluation(),
                                        champion.spec(),
                                        champion.snapshot().data()),
                                champion.refit().map(ModelVersion.Refit::judged).stream())
                        .filter(artifact -> !isThere(artifact))
                        .map(ArtifactRef::key)
                        .toList();
        findings.add(
                missing.isEmpty()
                        ? Finding.fine(
                                "the champion is version %d since %s, all its files are there"
                                        .formatted(number, alias.get().changedAt()))
                        : Finding.broken(
                                "of the champion, version %d, these are missing or have another size: %s"
                                        .formatted(number, String.join(", ", missing)),
                                "restore them (the bucket is versioned) or roll back"));
    }

    private boolean isThere(ArtifactRef artifact) {
        return artifacts.list(artifact.key()).stream()
                .anyMatch(object ->
                        object.key().equals(artifact.key()) && object.size() == artifact.size());
    }

    private void runs(List<Finding> findings) {
        List<RunRecord> runs = registry.runs(pipeline);
        for (RunRecord run : runs) {
            if (run.isOpen() && run.startedAt().isBefore(now.minus(LONG_RUN))) {
                findings.add(
                        Finding.note(
                                "run %s of %s is recorded as %s"
                                        .formatted(run.run(), run.startedAt(), run.status()),
                                "if it doesn't wait for a decision, look at its execution; the next event closes the record of one that has ended"));
            }
        }
        runs.stream()
                .max(Comparator.comparing(RunRecord::startedAt))
                .ifPresent(last ->
                        findings.add(
                                last.status() == RunStatus.FAILED
                                        ? Finding.broken(
                                                "the last run, %s of %s, failed: %s"
                                                        .formatted(
                                                                last.run(),
                                                                last.startedAt(),
                                                                last.reason()),
                                                "mend it, then perennial trigger: docs/runbook.md")
                                        : Finding.fine(
                                                "the last run, %s of %s, ended as %s"
                                                        .formatted(
                                                                last.run(),
                                                                last.startedAt(),
                                                                last.status()))));
    }

    private void looks(List<Finding> findings, PipelineSpec spec) {
        Optional<Instant> last =
                LookReports.newest(artifacts, pipeline)
                        .map(report -> Instant.parse(report.path("at").asString()));
        if (last.isEmpty()) {
            findings.add(
                    Finding.note(
                            "the monitor has found no live traffic yet",
                            "it reports when predictions or labels come"));
        } else {
            Duration since = Duration.between(last.get(), now);
            boolean late = since.compareTo(spec.drift().check().multipliedBy(LOOKS_MISSED)) > 0;
            findings.add(
                    late
                            ? Finding.note(
                                    "the monitor's last news are of " + last.get(),
                                    "no traffic, or no looks: see the monitor's log")
                            : Finding.fine("the monitor's last news are of " + last.get()));
        }
    }

    private void notCaptured(List<Finding> findings) {
        int kept = artifacts.list("live/%s/not-captured/".formatted(pipeline)).size();
        if (kept > 0) {
            findings.add(
                    Finding.note(
                            "%,d messages with predictions wait below live/%s/not-captured/"
                                    .formatted(kept, pipeline),
                            "send them to the queue again and delete them: docs/runbook.md, CaptureFailuresAlarm"));
        }
    }
}

package dev.perennial.monitor;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.EventBytes;
import dev.perennial.aws.Failures;
import dev.perennial.aws.MissingSpecException;
import dev.perennial.aws.Snapshots;
import dev.perennial.aws.StoreRefusedException;
import dev.perennial.core.error.PermanentException;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.PackedJson;
import dev.perennial.core.live.CapturedRows;
import dev.perennial.core.live.LiveBatch;
import dev.perennial.core.live.LiveLog;
import dev.perennial.core.monitor.Look;
import dev.perennial.core.monitor.Monitor;
import dev.perennial.core.monitor.MonitorState;
import dev.perennial.core.monitor.TrialLook;
import dev.perennial.core.promotion.Answers;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.promotion.Questions;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Table;
import dev.perennial.monitor.Champions.Version;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One look: reads what the live log has got since the last one, judges, and lets the state that it
 * comes to replace the one it began with. If another look was faster, this one counts for nothing.
 * The report and the metrics that alarms look at come before that, so a look that dies is repeated
 * and no alarm is lost; the other metrics come after, so what is counted is counted once. The
 * answer to a run whose version is on trial follows from the state. A batch that can't be read is
 * told of, left out and stays in the log.
 */
final class MonitorHandler implements Function<InputStream, byte[]> {
    /** Batches that one look takes in; what is left is for the next. */
    private static final int MOST_BATCHES = 2_000;

    /** Batches that are fetched and read while the one before them is taken in. */
    private static final int READ_AHEAD = 2;

    private final ArtifactStore artifacts;
    private final LiveLog log;
    private final StateStore store;
    private final Questions questions;
    private final Answers answers;
    private final Champions champions;
    private final String pipeline;
    private final EmbeddedMetrics metrics;
    private final Failures failures;

    /** So that this process needn't read what it has written itself. */
    private volatile @Nullable Written last;

    /**
     * A state that is stored.
     *
     * @param ref names it by its digest, so it can't have changed
     */
    private record Written(ArtifactRef ref, MonitorState state) {}

    MonitorHandler(
            ArtifactStore artifacts,
            LiveLog log,
            StateStore store,
            Questions questions,
            Answers answers,
            Champions champions,
            String pipeline,
            EmbeddedMetrics metrics,
            Failures failures) {
        this.artifacts = artifacts;
        this.log = log;
        this.store = store;
        this.questions = questions;
        this.answers = answers;
        this.champions = champions;
        this.pipeline = pipeline;
        this.metrics = metrics;
        this.failures = failures;
    }

    /**
     * What is asked.
     *
     * @param time of the look, such as the schedule's
     */
    private record Input(Instant time) {}

    /**
     * What is answered.
     *
     * @param taken whether this look counts; another one was faster otherwise
     * @param behind batches that are left for the next look
     */
    private record Output(
            boolean taken,
            Instant at,
            int batches,
            int behind,
            long served,
            long labelled,
            double errorDrift,
            double featureDrift,
            ArtifactRef report) {}

    @Override
    public byte[] apply(InputStream event) {
        Input input = Json.read("input of monitor", EventBytes.of(event), Input.class);
        Optional<StateStore.Present> present = store.present(pipeline);
        MonitorState before = present.map(each -> read(each.state())).orElse(MonitorState.NONE);
        Optional<PipelineSpec> declared = spec(present.isPresent());
        if (declared.isEmpty()) {
            return Json.write(Map.of("taken", false, "why", "there is no spec yet"));
        }
        PipelineSpec spec = declared.get();
        Monitor monitor = new Monitor(spec, before);
        List<LiveLog.Entry> entries = log.after(pipeline, before.sequence(), MOST_BATCHES);
        takeIn(monitor, spec, entries, input.time());
        long sequence = entries.isEmpty() ? before.sequence() : entries.getLast().sequence();
        int behind = entries.size() < MOST_BATCHES ? 0 : log.after(pipeline, sequence, 1).size();
        Optional<Question> trial = Questions.trial(awaited());
        Optional<Monitor.Champion> champion = champions.present(spec);
        Look look = monitor.look(input.time(), sequence, behind > 0, champion, trial);
        long revision = present.map(StateStore.Present::revision).orElse(0L) + 1;
        Optional<ArtifactRef> page =
                champion.filter(_ -> isDrift(look)).map(each -> page(revision, look, each));
        ArtifactRef report = LookReport.write(artifacts, pipeline, revision, look, page);
        // CloudWatch takes money for each metric and hour; but drift that goes on is no quiet hour.
        boolean isIdle = entries.isEmpty() && !isDrift(look);
        if (!isIdle) {
            LookMetrics.publishAlarmed(metrics, pipeline, look);
        }
        boolean taken =
                store.replace(
                        pipeline, new StateStore.Present(revision, write(revision, look.state())));
        if (taken && !isIdle) {
            LookMetrics.publish(metrics, pipeline, spec, look);
        }
        if (taken) {
            look.trial()
                    .flatMap(TrialLook::decision)
                    .ifPresent(answer -> answers.send(trial.orElseThrow(), answer));
        }
        return Json.write(
                new Output(
                        taken,
                        look.state().at(),
                        entries.size(),
                        behind,
                        look.served(),
                        look.labelled(),
                        look.errorDrift(),
                        look.shifts().featureDrift(),
                        report));
    }

    private static boolean isDrift(Look look) {
        return look.errorDrift() >= 1 || look.shifts().featuresMoved() >= 1;
    }

    private ArtifactRef page(long revision, Look look, Monitor.Champion champion) {
        byte[] html =
                DriftPage.render(pipeline, look, champion, champions.spec().task())
                        .getBytes(StandardCharsets.UTF_8);
        return artifacts.put(
                Keys.monitor(
                        pipeline,
                        "pages/%d-%s.html".formatted(revision, Digest.of(html).abbreviated())),
                html,
                "text/html");
    }

    /** The schedule begins as soon as the stack is there, and the spec comes after that. */
    private Optional<PipelineSpec> spec(boolean hasLooked) {
        try {
            return Optional.of(champions.spec());
        } catch (MissingSpecException missing) {
            if (hasLooked) {
                throw missing;
            }
            return Optional.empty();
        }
    }

    /**
     * The questions whose runs wait; the others are closed. A run that was stopped or timed out
     * can't close what it asked, and its version would go on predicting. An answer that was not
     * sent is sent by the next look.
     */
    private List<Question> awaited() {
        List<Question> awaited = new ArrayList<>();
        for (Question question : questions.open(pipeline)) {
            if (answers.isAwaited(question)) {
                awaited.add(question);
            } else {
                questions.close(pipeline, question.run());
            }
        }
        return awaited;
    }

    /** In the log's order, whichever is read first. */
    private void takeIn(
            Monitor monitor, PipelineSpec spec, List<LiveLog.Entry> entries, Instant at) {
        try (ExecutorService readers = Executors.newFixedThreadPool(READ_AHEAD)) {
            Queue<Future<Table>> ahead = new ArrayDeque<>();
            int next = 0;
            for (LiveLog.Entry entry : entries) {
                for (; next < entries.size() && ahead.size() < READ_AHEAD; next++) {
                    LiveBatch batch = entries.get(next).batch();
                    ahead.add(readers.submit(() -> table(spec, batch)));
                }
                takeIn(monitor, entry, ahead.remove(), at);
            }
        }
    }

    /** What is wrong with a batch today is so tomorrow, and later batches shouldn't wait for it. */
    private void takeIn(Monitor monitor, LiveLog.Entry entry, Future<Table> rows, Instant at) {
        try {
            takeIn(monitor, entry.batch(), read(rows));
        } catch (StoreRefusedException denied) {
            throw denied; // may be allowed tomorrow
        } catch (PermanentException unreadable) {
            failures.tell(
                    at,
                    "BatchesNotRead",
                    1,
                    "BATCH_NOT_READ pipeline=%s sequence=%d file=%s rows=%d: %s"
                            .formatted(
                                    pipeline,
                                    entry.sequence(),
                                    entry.batch().data().key(),
                                    entry.batch().rows(),
                                    unreadable.getMessage()));
        }
    }

    private void takeIn(Monitor monitor, LiveBatch batch, Table rows) {
        switch (batch.kind()) {
            case PREDICTIONS -> {
                Version version = champions.version(batch.version().orElseThrow());
                monitor.predictions(
                        rows,
                        new Monitor.Version(
                                batch.version().getAsInt(),
                                version.spec().features(),
                                version.scores(),
                                version.classes(),
                                version.slices()));
            }
            case LABELS -> monitor.labels(rows);
        }
    }

    private Table table(PipelineSpec spec, LiveBatch batch) {
        Schema schema =
                switch (batch.kind()) {
                    case PREDICTIONS -> {
                        Version version = champions.version(batch.version().orElseThrow());
                        yield CapturedRows.schema(
                                version.spec(), version.classes(), version.expectsErrors());
                    }
                    case LABELS -> CapturedRows.labelSchema(spec.task());
                };
        return Snapshots.table(artifacts, batch.data(), schema);
    }

    /** What reading came to, or its exception as if it were read here. */
    private static Table read(Future<Table> rows) {
        try {
            return rows.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("reading a batch", failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while reading a batch", stopped);
        }
    }

    private MonitorState read(ArtifactRef state) {
        Written known = last;
        if (known != null && known.ref().equals(state)) {
            return known.state();
        }
        return MonitorState.read(PackedJson.unpack(state.key(), artifacts.read(state)));
    }

    private ArtifactRef write(long revision, MonitorState state) {
        byte[] packed = PackedJson.write(state);
        ArtifactRef ref =
                artifacts.put(
                        Keys.monitor(
                                pipeline,
                                "state/%d-%s.json.gz"
                                        .formatted(revision, Digest.of(packed).abbreviated())),
                        packed,
                        PackedJson.MEDIA_TYPE);
        last = new Written(ref, state);
        return ref;
    }
}

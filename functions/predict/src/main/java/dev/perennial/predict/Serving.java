package dev.perennial.predict;

import dev.perennial.aws.Failures;
import dev.perennial.aws.Snapshots;
import dev.perennial.core.promotion.Question;
import dev.perennial.core.promotion.Questions;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.store.ArtifactStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The version that the champion alias points to, and the one that predicts beside it while a run
 * asks for live labels, kept in memory. Both are looked up again after a while, so a promotion or a
 * rollback reaches callers without a deployment. Whatever goes wrong with a new version, the last
 * good champion goes on serving.
 */
final class Serving implements AutoCloseable {
    /** A promotion reaches callers within this, and the registry is asked no more often. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** A version that can't be loaded keeps callers waiting no more often. */
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final Questions questions;
    private final String pipeline;
    private final Failures failures;

    /** Held for reading while somebody predicts, for writing to put another version in place. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private @Nullable ServedModel champion;
    private @Nullable Challenger challenger;
    private Instant lookedAt = Instant.MIN;
    private String failedRun = "";
    private Instant failedAt = Instant.EPOCH;
    private int failedVersion;
    private Instant versionFailedAt = Instant.EPOCH;

    Serving(
            ArtifactStore artifacts,
            ModelRegistry registry,
            Questions questions,
            String pipeline,
            Failures failures) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.questions = questions;
        this.pipeline = pipeline;
        this.failures = failures;
    }

    /** What predicts now. */
    record Models(ServedModel champion, Optional<Challenger> challenger) {}

    /**
     * Answers with what serves now; it stays open meanwhile.
     *
     * @param now when it is asked
     * @throws NoModelException if no version could ever be loaded
     */
    <A> A answer(Instant now, Function<Models, A> with) {
        lookAgainInTime(now);
        use.readLock().lock();
        try {
            if (champion == null) {
                throw new NoModelException(pipeline);
            }
            return with.apply(new Models(champion, Optional.ofNullable(challenger)));
        } finally {
            use.readLock().unlock();
        }
    }

    private synchronized void lookAgainInTime(Instant now) {
        // A clock that was set back must not keep an old version for hours.
        if (now.isBefore(lookedAt) || !now.isBefore(lookedAt.plus(LOOK_AGAIN))) {
            lookForChampion(now);
            lookForChallenger(now);
            lookedAt = now;
        }
    }

    private void lookForChampion(Instant now) {
        int wanted = 0;
        try {
            Optional<Alias> alias = registry.alias(pipeline, Alias.CHAMPION);
            if (alias.isEmpty()
                    || (champion != null && champion.version() == alias.get().version())) {
                return;
            }
            wanted = alias.get().version();
            if (wanted == failedVersion && isTooSoon(now, versionFailedAt)) {
                return;
            }
            ServedModel next = load(wanted);
            failedVersion = 0;
            replace(() -> {
                close(champion);
                champion = next;
            });
        } catch (RuntimeException failed) {
            failedVersion = champion == null ? 0 : wanted; // who has nothing to answer with asks on
            versionFailedAt = now;
            failures.tell(
                    now,
                    "ModelFailures",
                    1,
                    "MODEL_NOT_LOADED pipeline=%s serving=%s: %s"
                            .formatted(
                                    pipeline,
                                    champion == null ? "nothing" : "version " + champion.version(),
                                    failed));
        }
    }

    /** Not so where the clock was set back. */
    private static boolean isTooSoon(Instant now, Instant failedAt) {
        return !now.isBefore(failedAt) && now.isBefore(failedAt.plus(TRY_AGAIN));
    }

    private void lookForChallenger(Instant now) {
        Optional<Question> trial;
        try {
            trial = questions.trial(pipeline);
        } catch (RuntimeException failed) { // who is loaded goes on meanwhile
            failures.tell(
                    now,
                    "ChallengerFailures",
                    1,
                    "CHALLENGER_NOT_LOOKED_UP pipeline=%s: %s".formatted(pipeline, failed));
            return;
        }
        Challenger next =
                trial.filter(question -> now.isBefore(question.until()))
                        .flatMap(question -> challenger(question, now))
                        .orElse(null);
        replace(() -> {
            if (challenger != null && (next == null || next.model() != challenger.model())) {
                close(challenger.model());
            }
            challenger = next;
        });
    }

    private Optional<Challenger> challenger(Question question, Instant now) {
        Challenger loaded = challenger;
        if (loaded != null && loaded.model().version() == question.version()) {
            return Optional.of(new Challenger(loaded.model(), question.share()));
        }
        if (question.run().equals(failedRun) && isTooSoon(now, failedAt)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Challenger(load(question.version()), question.share()));
        } catch (RuntimeException failed) {
            failedRun = question.run();
            failedAt = now;
            failures.tell(
                    now,
                    "ChallengerFailures",
                    1,
                    "CHALLENGER_NOT_LOADED pipeline=%s version=%d: %s"
                            .formatted(pipeline, question.version(), failed));
            return Optional.empty();
        }
    }

    private void replace(Runnable models) {
        use.writeLock().lock();
        try {
            models.run();
        } finally {
            use.writeLock().unlock();
        }
    }

    private static void close(@Nullable ServedModel model) {
        if (model != null) {
            model.close();
        }
    }

    private ServedModel load(int number) {
        ModelVersion version =
                registry.version(pipeline, number)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "the registry has no version %d of %s"
                                                .formatted(number, pipeline)));
        // Reading checks the digest that was registered.
        return new ServedModel(
                Snapshots.spec(artifacts, version.spec()), number, artifacts.read(version.model()));
    }

    @Override
    public void close() {
        replace(() -> {
            close(champion);
            close(challenger == null ? null : challenger.model());
            champion = null;
            challenger = null;
        });
    }
}

package dev.perennial.predict;

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
        try {
            Optional<Alias> alias = registry.alias(pipeline, Alias.CHAMPION);
            if (alias.isEmpty()
                    || (champion != null && champion.version() == alias.get().version())) {
                return;
            }
            ServedModel next = load(alias.get().version());
            replace(() -> {
                close(champion);
                champion = next;
            });
        } catch (RuntimeException failed) {
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

    private void lookForChallenger(Instant now) {
        Optional<Challenger> next = Optional.empty();
        try {
            next =
                    questions.open(pipeline).stream()
                            .filter(Question::predictsBeside)
                            .filter(question -> now.isBefore(question.until()))
                            .findFirst()
                            .map(this::challenger);
        } catch (RuntimeException failed) {
            failures.tell(
                    now,
                    "ChallengerFailures",
                    1,
                    "CHALLENGER_NOT_LOADED pipeline=%s: %s".formatted(pipeline, failed));
        }
        Challenger taken = next.orElse(null);
        replace(() -> {
            if (challenger != null && (taken == null || taken.model() != challenger.model())) {
                close(challenger.model());
            }
            challenger = taken;
        });
    }

    private Challenger challenger(Question question) {
        Challenger loaded = challenger;
        ServedModel model =
                loaded != null && loaded.model().version() == question.version()
                        ? loaded.model()
                        : load(question.version());
        return new Challenger(model, question.share());
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

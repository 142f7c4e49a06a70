package dev.perennial.predict;

import dev.perennial.aws.Snapshots;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.store.ArtifactStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The version that the champion alias points to, kept in memory. The alias is looked up again after
 * a while, so a promotion or a rollback reaches callers without a deployment. Whatever goes wrong
 * with a new version, the last good one goes on serving.
 */
final class Champion implements AutoCloseable {
    /** A promotion reaches callers within this, and the registry is asked no more often. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final ArtifactStore artifacts;
    private final ModelRegistry registry;
    private final String pipeline;
    private final Consumer<String> alarm;

    /** Held for reading while somebody predicts, for writing to put another version in place. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private @Nullable ServedModel serving;
    private Instant lookedAt = Instant.MIN;

    /**
     * @param alarm is told what keeps a version from serving
     */
    Champion(
            ArtifactStore artifacts,
            ModelRegistry registry,
            String pipeline,
            Consumer<String> alarm) {
        this.artifacts = artifacts;
        this.registry = registry;
        this.pipeline = pipeline;
        this.alarm = alarm;
    }

    /**
     * Answers with the version that serves now; it stays open meanwhile.
     *
     * @param now when it is asked
     * @throws NoModelException if no version could ever be loaded
     */
    <A> A answer(Instant now, Function<ServedModel, A> with) {
        lookAgainInTime(now);
        use.readLock().lock();
        try {
            if (serving == null) {
                throw new NoModelException(pipeline);
            }
            return with.apply(serving);
        } finally {
            use.readLock().unlock();
        }
    }

    private synchronized void lookAgainInTime(Instant now) {
        // A clock that was set back must not keep an old version for hours.
        if (now.isBefore(lookedAt) || !now.isBefore(lookedAt.plus(LOOK_AGAIN))) {
            lookAgain();
            lookedAt = now;
        }
    }

    private void lookAgain() {
        try {
            Optional<Alias> alias = registry.alias(pipeline, Alias.CHAMPION);
            if (alias.isEmpty()
                    || (serving != null && serving.version() == alias.get().version())) {
                return;
            }
            serve(load(alias.get().version()));
        } catch (RuntimeException failed) {
            alarm.accept(
                    "MODEL_NOT_LOADED pipeline=%s serving=%s: %s"
                            .formatted(
                                    pipeline,
                                    serving == null ? "nothing" : "version " + serving.version(),
                                    failed));
        }
    }

    private void serve(@Nullable ServedModel next) {
        use.writeLock().lock();
        try {
            if (serving != null) {
                serving.close();
            }
            serving = next;
        } finally {
            use.writeLock().unlock();
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
        serve(null);
    }
}

package dev.perennial.aws;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Work that SnapStart has done before it keeps a function's process, so that what is restored has
 * its classes loaded and its code compiled. It is done once per published version, days before and
 * for any number of processes, so none of its results may stay: no answer of a service, no
 * connection, no credential, no time, no random number.
 */
final class Priming implements Resource {
    /** Held here, as the context of all resources doesn't hold them. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Priming registered;

    private final Runnable work;

    private Priming(Runnable work) {
        this.work = work;
    }

    /** Has the work done before the next snapshot; a second call replaces the first. */
    static void beforeSnapshot(Runnable work) {
        Priming priming = new Priming(work);
        registered = priming;
        Core.getGlobalContext().register(priming);
    }

    /**
     * A version is published whether or not this succeeds: its first events are slower then. An
     * Error is another matter: what lacks a class or a library had better not be published.
     */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        try {
            work.run();
        } catch (RuntimeException failed) {
            Failures.log("")
                    .accept(
                            "NOT_PRIMED: each restored process will answer its first event later: "
                                    + failed);
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {}
}

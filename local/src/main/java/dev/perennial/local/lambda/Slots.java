package dev.perennial.local.lambda;

import dev.perennial.local.template.FunctionResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;

/**
 * How many calls run at once, over all functions; the others wait in the order they came. Functions
 * with a URL have as many places of their own, so that no caller waits behind a run that trains.
 */
final class Slots {
    private final Semaphore free;
    private final Semaphore freeForCallers;

    /** What runs in a slot. */
    interface Call {
        Invocation run() throws IOException, InterruptedException;
    }

    Slots(int most) {
        this.free = new Semaphore(most, true);
        this.freeForCallers = new Semaphore(most, true);
    }

    /**
     * Runs a call when its turn has come.
     *
     * @param begun is called then
     * @param failure what an IOException means, as in "can't run"
     */
    Invocation take(FunctionResource function, Runnable begun, String failure, Call call)
            throws InterruptedException {
        Semaphore places = function.hasUrl() ? freeForCallers : free;
        places.acquire();
        try {
            begun.run();
            return call.run();
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "%s %s: %s".formatted(function.logicalId(), failure, failed.getMessage()),
                    failed);
        } finally {
            places.release();
        }
    }
}

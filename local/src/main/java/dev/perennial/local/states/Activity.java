package dev.perennial.local.states;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Whether an execution works, or only waits for an answer from outside. */
final class Activity {
    private boolean ended;
    private @Nullable CompletableFuture<?> awaited;

    /** There is nothing to do until this is completed, by whomever. */
    synchronized void awaits(CompletableFuture<?> answer) {
        awaited = answer;
        notifyAll();
    }

    /** It is being ended from outside. */
    synchronized void resumes() {
        awaited = null;
    }

    synchronized void ends() {
        ended = true;
        notifyAll();
    }

    /**
     * Returns as soon as there is nothing to wait for but an answer.
     *
     * @return false if that was so already
     */
    synchronized boolean awaitQuiet() throws InterruptedException {
        if (isQuiet()) {
            return false;
        }
        while (!isQuiet()) {
            wait();
        }
        return true;
    }

    private boolean isQuiet() {
        return ended || (awaited != null && !awaited.isDone());
    }
}

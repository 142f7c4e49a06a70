package dev.perennial.local.states;

/**
 * Whether an execution works, or only waits for an answer from outside. One that waits within a Map
 * or Parallel state counts as working.
 */
final class Activity {
    private boolean ended;
    private boolean resting;

    /** Until {@link #resumes}. */
    synchronized void rests() {
        resting = true;
        notifyAll();
    }

    synchronized void resumes() {
        resting = false;
    }

    synchronized void ends() {
        ended = true;
        notifyAll();
    }

    /** Returns as soon as there is nothing to wait for but an answer. */
    synchronized void awaitQuiet() throws InterruptedException {
        while (!ended && !resting) {
            wait();
        }
    }

    synchronized boolean isQuiet() {
        return ended || resting;
    }
}

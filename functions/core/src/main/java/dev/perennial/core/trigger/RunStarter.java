package dev.perennial.core.trigger;

/** Starts executions of the state machine. */
public interface RunStarter {
    /**
     * Starts a run. One of that name that was started before is left as it is, so that this can be
     * done twice.
     *
     * @param input JSON
     */
    void start(String run, String input);

    /** Whether a run of that name goes on now. */
    boolean isRunning(String run);
}

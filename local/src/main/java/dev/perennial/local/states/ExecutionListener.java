package dev.perennial.local.states;

/**
 * Told of each event in the order of the history, so that a command line can show progress. Must
 * return quickly and not call the executions it listens to.
 */
@FunctionalInterface
public interface ExecutionListener {
    void onEvent(String executionArn, ExecutionEvent event);
}

package dev.perennial.local.states;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Runs the resource of a Task state. Called from many threads at once; interrupted on a timeout and
 * on a stop.
 */
public interface TaskRunner {
    /**
     * Resource ARNs this runner serves, e.g. {@code arn:aws:states:::lambda:invoke}; any other is
     * refused at parse.
     */
    Set<String> resources();

    /**
     * Makes one attempt.
     *
     * @return the task's result as the service integration gives it, e.g. with {@code Payload} for
     *     lambda:invoke
     * @throws TaskFailedException with the error name that a Retry or Catch sees
     */
    JsonNode run(TaskCall call) throws InterruptedException;

    /**
     * Makes one attempt that may have to wait for a place on this machine.
     *
     * @param begun is called once the work begins: the state's TimeoutSeconds count from then on
     */
    default JsonNode run(TaskCall call, Runnable begun) throws InterruptedException {
        begun.run();
        return run(call);
    }
}

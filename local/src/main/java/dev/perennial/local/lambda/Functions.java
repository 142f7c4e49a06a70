package dev.perennial.local.lambda;

import java.io.UncheckedIOException;
import java.util.Map;

/** A template's functions, ready to be invoked. Safe for use by many threads. */
public interface Functions extends AutoCloseable {
    /** Lambda's limit for a synchronous event, in bytes. */
    int MAX_EVENT = 6_291_456;

    /** Lambda's limit for an answer, in bytes. */
    int MAX_ANSWER = 6_291_556;

    /**
     * Runs a function on an event and waits for its end. Interrupting the calling thread ends it.
     *
     * @param functionArnOrName ARN, physical name or logical id
     * @param payload JSON
     * @param begun is called when the event's turn has come: until then it waits for a place on
     *     this machine, which on AWS it would not
     * @throws UnknownFunctionException if the template has no such function
     * @throws PayloadTooLargeException if the event is larger than Lambda takes
     * @throws UncheckedIOException if its zip is missing or broken, or it can't be started
     * @throws IllegalStateException after {@link #close}
     */
    Invocation invoke(String functionArnOrName, byte[] payload, Runnable begun)
            throws InterruptedException;

    /** Runs a function for a caller who doesn't care when its turn comes. */
    default Invocation invoke(String functionArnOrName, byte[] payload)
            throws InterruptedException {
        return invoke(functionArnOrName, payload, () -> {});
    }

    /** Adds to what every function finds in its environment from now on. */
    void addVariables(Map<String, String> more);

    @Override
    void close();
}

package dev.perennial.local.event;

import dev.perennial.local.lambda.Invocation;

/** The stack's functions, for what calls them by itself. */
@FunctionalInterface
public interface Functions {
    /**
     * Runs a function on an event and waits for its end.
     *
     * @param arn of the function
     * @param event JSON
     */
    Invocation invoke(String arn, byte[] event) throws InterruptedException;
}

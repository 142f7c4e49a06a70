package dev.perennial.local.lambda;

/** How an invocation ended. */
public sealed interface Invocation {
    InvocationReport report();

    /** The function's answer. */
    record Returned(byte[] payload, InvocationReport report) implements Invocation {}

    /**
     * The function failed, or Lambda ended it.
     *
     * @param errorType the exception's class name as the runtime client posts it, or one of
     *     Lambda's own: {@code Runtime.ExitError} (the process ended), {@code Sandbox.Timedout},
     *     {@code Runtime.OutOfMemory} (resident memory above MemorySize), {@code
     *     Function.ResponseSizeTooLarge}
     * @param body JSON with errorType, errorMessage and, for exceptions, stackTrace
     */
    record FunctionError(
            String errorType, String errorMessage, byte[] body, InvocationReport report)
            implements Invocation {}
}

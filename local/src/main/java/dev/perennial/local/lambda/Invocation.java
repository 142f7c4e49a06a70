package dev.perennial.local.lambda;

/** How an invocation ended. */
public sealed interface Invocation {
    Report report();

    /** The function's answer. */
    record Returned(byte[] payload, Report report) implements Invocation {}

    /**
     * The function failed, or Lambda ended it.
     *
     * @param errorType class name of the exception, or Lambda's own such as {@code
     *     Sandbox.Timedout}
     * @param body JSON with errorType, errorMessage and, for exceptions, stackTrace
     */
    record Failed(String errorType, String errorMessage, byte[] body, Report report)
            implements Invocation {}

    /**
     * What Lambda's REPORT line says.
     *
     * @param durationMillis of the handler
     * @param initMillis of the start-up; 0 where the worker was warm
     * @param peakMegabytes resident memory at most; 0 where the system doesn't say
     */
    record Report(
            String function,
            String requestId,
            long durationMillis,
            long initMillis,
            int memoryMegabytes,
            int peakMegabytes) {
        /** Since August 2025 start-up is billed as well. */
        public long billedMillis() {
            return durationMillis + initMillis;
        }
    }
}

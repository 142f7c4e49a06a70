package dev.perennial.local.lambda;

import dev.perennial.core.json.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

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
            implements Invocation {
        /** An error in Lambda's own words. */
        static FunctionError of(InvocationReport report, String errorType, String errorMessage) {
            byte[] body = Json.write(Map.of("errorType", errorType, "errorMessage", errorMessage));
            return new FunctionError(errorType, errorMessage, body, report);
        }

        /** What a function threw, as the runtime client posts it: without its cause. */
        static FunctionError of(InvocationReport report, Throwable thrown) {
            return new FunctionError(
                    thrown.getClass().getName(),
                    Objects.requireNonNullElse(thrown.getMessage(), ""),
                    Json.write(posted(thrown)),
                    report);
        }

        private static Map<String, Object> posted(Throwable thrown) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("errorMessage", Objects.requireNonNullElse(thrown.getMessage(), ""));
            body.put("errorType", thrown.getClass().getName());
            body.put(
                    "stackTrace",
                    Arrays.stream(thrown.getStackTrace())
                            .map(StackTraceElement::toString)
                            .toList());
            return body;
        }
    }
}

package dev.perennial.local.cli;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;

/** Failures as a person wants to read them. */
final class Failures {
    private Failures() {}

    static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** What a function said, out of the JSON that Lambda wraps it in. */
    static String cause(String cause) {
        int brace = cause.indexOf('{');
        if (brace < 0) {
            return cause;
        }
        try {
            return Json.tree("cause", cause.substring(brace).getBytes(StandardCharsets.UTF_8))
                    .path("errorMessage")
                    .asString(cause);
        } catch (MalformedJsonException cut) {
            return cause;
        }
    }
}

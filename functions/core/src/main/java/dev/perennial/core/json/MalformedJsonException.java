package dev.perennial.core.json;

import dev.perennial.core.error.PermanentException;

/**
 * Thrown when a document is not the JSON it should be: broken, with an unknown or a missing key, or
 * of a wrong type.
 */
public final class MalformedJsonException extends PermanentException {
    public MalformedJsonException(String what, String problem, Throwable cause) {
        super("%s: %s".formatted(what, problem), cause);
    }
}

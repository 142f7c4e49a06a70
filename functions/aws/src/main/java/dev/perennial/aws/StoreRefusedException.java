package dev.perennial.aws;

import dev.perennial.core.error.PermanentException;

/**
 * Thrown when AWS denies a call. Never retried: the function's policy in the template must allow
 * it.
 */
public final class StoreRefusedException extends PermanentException {
    public StoreRefusedException(String what, Throwable cause) {
        super(
                "%s was denied: %s; check the function's policies in template.yaml"
                        .formatted(what, cause.getMessage()),
                cause);
    }
}

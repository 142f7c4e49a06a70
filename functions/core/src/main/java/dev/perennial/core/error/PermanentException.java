package dev.perennial.core.error;

/**
 * The caller's fault: the same call fails again. The message says what to change. Never retried.
 */
public abstract class PermanentException extends RuntimeException {
    protected PermanentException(String message) {
        super(message);
    }

    protected PermanentException(String message, Throwable cause) {
        super(message, cause);
    }
}

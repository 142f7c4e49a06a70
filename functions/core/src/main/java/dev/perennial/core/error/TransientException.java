package dev.perennial.core.error;

/** A passing fault: the same call may work a moment later. Retried. */
public abstract class TransientException extends RuntimeException {
    protected TransientException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.perennial.core.error;

/**
 * Somebody else was first. The same call fails again; one made on the newer state may work. Never
 * retried blindly.
 */
public abstract class ConflictException extends RuntimeException {
    protected ConflictException(String message) {
        super(message);
    }
}

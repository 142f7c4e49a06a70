package dev.perennial.core.store;

import dev.perennial.core.error.TransientException;

/** Thrown when the store or the registry didn't answer or was throttled. Retried. */
public final class StoreUnavailableException extends TransientException {
    public StoreUnavailableException(String what, Throwable cause) {
        super("%s: %s".formatted(what, cause.getMessage()), cause);
    }
}

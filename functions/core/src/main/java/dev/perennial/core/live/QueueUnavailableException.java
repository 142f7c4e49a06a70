package dev.perennial.core.live;

import dev.perennial.core.error.TransientException;

/** Thrown when the queue doesn't take rows: it is down, slow, full, or refuses them. */
public final class QueueUnavailableException extends TransientException {
    public QueueUnavailableException(String why, Throwable cause) {
        super("the capture queue didn't take the rows: " + why, cause);
    }
}

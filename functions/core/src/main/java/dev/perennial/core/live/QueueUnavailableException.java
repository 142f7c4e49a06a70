package dev.perennial.core.live;

import dev.perennial.core.error.TransientException;
import java.util.List;

/** Thrown when the queue doesn't take rows: it is down, slow, full, or refuses them. */
public final class QueueUnavailableException extends TransientException {
    private final transient List<LiveMessage> notTaken;

    /**
     * @param notTaken what the queue didn't say it has
     */
    public QueueUnavailableException(String why, List<LiveMessage> notTaken, Throwable cause) {
        super("the capture queue didn't take the rows: " + why, cause);
        this.notTaken = List.copyOf(notTaken);
    }

    public List<LiveMessage> notTaken() {
        return notTaken;
    }
}

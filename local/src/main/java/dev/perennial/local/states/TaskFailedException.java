package dev.perennial.local.states;

import java.io.Serial;

/**
 * Thrown by a {@link TaskRunner} when a task failed in a way that the state machine may react to.
 */
public final class TaskFailedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String error;
    private final String causeText;

    /**
     * @param error the name that ErrorEquals is compared with, e.g. a fully qualified class name
     * @param causeText what Catch sees as {@code $states.errorOutput.Cause}
     */
    public TaskFailedException(String error, String causeText) {
        super(error + ": " + causeText);
        this.error = error;
        this.causeText = causeText;
    }

    public String error() {
        return error;
    }

    public String causeText() {
        return causeText;
    }
}

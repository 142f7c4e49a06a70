package dev.perennial.local.states;

import java.io.Serial;

/**
 * Thrown when a request names something that does not exist, or asks for what Step Functions
 * refuses.
 */
public final class RequestRefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;

    RequestRefusedException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Step Functions' name for this error, e.g. {@code ExecutionAlreadyExists}. */
    public String code() {
        return code;
    }
}

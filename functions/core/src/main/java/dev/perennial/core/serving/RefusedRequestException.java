package dev.perennial.core.serving;

import dev.perennial.core.error.PermanentException;
import dev.perennial.core.text.Shortened;

/**
 * Thrown when a request can't be answered as it is. Says where it is wrong and what was expected.
 */
public final class RefusedRequestException extends PermanentException {
    public static final int BAD_REQUEST = 400;
    public static final int METHOD_NOT_ALLOWED = 405;
    public static final int TOO_LARGE = 413;
    public static final int UNSUPPORTED_MEDIA_TYPE = 415;

    public static final int UNPROCESSABLE = 422;

    private final int status;

    /**
     * @param status the HTTP status, 4xx
     */
    public RefusedRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /**
     * A value that can't stand where it stands.
     *
     * @param row from 0
     */
    static RefusedRequestException at(int row, String column, String problem) {
        return new RefusedRequestException(
                BAD_REQUEST, "row %d, column '%s': %s".formatted(row, shown(column), problem));
    }

    /** Anything else that is wrong with what was sent. */
    public static RefusedRequestException of(String problem) {
        return new RefusedRequestException(BAD_REQUEST, problem);
    }

    /** A caller's own text, no longer than anybody reads. */
    public static String shown(String text) {
        return Shortened.shown(text, 80);
    }

    public int status() {
        return status;
    }
}

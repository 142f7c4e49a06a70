package dev.perennial.local.event;

/** Thrown when a request to EventBridge is wrong. */
public final class RefusedRequestException extends RuntimeException {
    private final String code;

    RefusedRequestException(String message) {
        this("ValidationException", message);
    }

    RefusedRequestException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** EventBridge's name for it. */
    public String code() {
        return code;
    }
}

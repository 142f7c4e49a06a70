package dev.perennial.aws;

import dev.perennial.core.error.PermanentException;

/** Thrown to who invokes a function directly where its URL would have answered with an error. */
public final class DirectInvocationException extends PermanentException {
    public DirectInvocationException(int status, String body) {
        super("%d %s".formatted(status, body));
    }
}

package dev.perennial.evaluate;

import dev.perennial.core.error.PermanentException;

/** Thrown when there is no trained candidate to evaluate. */
public final class NoCandidateException extends PermanentException {
    public NoCandidateException(String message) {
        super(message);
    }
}

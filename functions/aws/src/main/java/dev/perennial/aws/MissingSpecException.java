package dev.perennial.aws;

import dev.perennial.core.error.PermanentException;

/** Thrown when a pipeline's spec is not in the bucket. */
public final class MissingSpecException extends PermanentException {
    public MissingSpecException(String pipeline, String key) {
        super("%s has no spec; upload one to %s".formatted(pipeline, key));
    }
}

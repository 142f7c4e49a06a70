package dev.perennial.trigger;

import dev.perennial.core.error.PermanentException;

/** Thrown when there is no spec that a run could follow. */
public final class NothingToRunException extends PermanentException {
    public NothingToRunException(String pipeline, String key) {
        super(
                "%s has no spec: put it into the bucket at %s, then the next event can start a run"
                        .formatted(pipeline, key));
    }
}

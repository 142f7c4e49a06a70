package dev.perennial.ingest;

import dev.perennial.core.error.PermanentException;

/** Thrown when a file is for a view that nobody declared. */
public final class NoViewException extends PermanentException {
    public NoViewException(String view, String key) {
        super(
                "no feature view '%s' is declared: there is no %s; put the view's file there, as scripts/deploy and features ingest do"
                        .formatted(view, key));
    }
}

package dev.perennial.local.lambda;

import dev.perennial.core.error.PermanentException;

/** Thrown for an event larger than Lambda takes; AWS answers RequestEntityTooLargeException. */
public final class PayloadTooLargeException extends PermanentException {
    PayloadTooLargeException(String function, int found, int limit) {
        super(
                "the event for %s has %,d bytes, Lambda takes at most %,d; hand over a reference to S3"
                        .formatted(function, found, limit));
    }
}

package dev.perennial.predict;

import dev.perennial.aws.Failures;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Hands predictions to the capture queue before they are answered: a function that has answered may
 * be frozen at once. A queue that doesn't take them fails no prediction; they are counted and kept
 * in the function's log, from where they can be sent again.
 */
final class Capturing {
    private final LiveQueue queue;
    private final Failures failures;

    Capturing(LiveQueue queue, Failures failures) {
        this.queue = queue;
        this.failures = failures;
    }

    void capture(LiveMessage predictions, Instant at) {
        try {
            queue.send(predictions);
        } catch (QueueUnavailableException down) {
            for (LiveMessage lost : down.notTaken()) {
                failures.tell(
                        at,
                        "CaptureFailures",
                        lost.rows().rows(),
                        "PREDICTIONS_NOT_CAPTURED pipeline=%s rows=%d: %s; send them again: %s"
                                .formatted(
                                        lost.pipeline(),
                                        lost.rows().rows(),
                                        down.getMessage(),
                                        new String(lost.toJson(), StandardCharsets.UTF_8)));
            }
        }
    }
}

package dev.perennial.predict;

import dev.perennial.aws.Failures;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Hands predictions to the capture queue before they are answered: a function that has answered may
 * be frozen at once. A queue that doesn't take them fails no prediction; they are counted and kept
 * in the store as messages that can be sent again. No row comes into the log.
 */
final class Capturing {
    private final LiveQueue queue;
    private final ArtifactStore artifacts;
    private final Failures failures;

    Capturing(LiveQueue queue, ArtifactStore artifacts, Failures failures) {
        this.queue = queue;
        this.artifacts = artifacts;
        this.failures = failures;
    }

    void capture(LiveMessage predictions, Instant at) {
        try {
            queue.send(predictions);
        } catch (QueueUnavailableException down) {
            for (LiveMessage message : down.notTaken()) {
                failures.tell(
                        at,
                        "CaptureFailures",
                        message.rows().rows(),
                        "PREDICTIONS_NOT_CAPTURED pipeline=%s rows=%d: %s; %s"
                                .formatted(
                                        message.pipeline(),
                                        message.rows().rows(),
                                        down.getMessage(),
                                        keep(message, at)));
            }
        }
    }

    /** Says where the message is now. */
    private String keep(LiveMessage message, Instant at) {
        byte[] json = message.toJson();
        String key =
                Keys.notCaptured(
                        message.pipeline(),
                        LocalDate.ofInstant(at, ZoneOffset.UTC),
                        Digest.of(json));
        try {
            artifacts.put(key, json, "application/json");
            return "send it again from " + key;
        } catch (RuntimeException failed) {
            return "nor could it be kept, so it is lost: " + failed.getMessage();
        }
    }
}

package dev.perennial.predict;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveQueue;
import dev.perennial.core.live.QueueUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands predictions to the capture queue before they are answered: a function that has answered may
 * be frozen at once. A queue that doesn't take them fails no prediction; they are counted and kept
 * in the function's log, from where they can be sent again.
 */
final class Capturing {
    private final LiveQueue queue;
    private final EmbeddedMetrics metrics;
    private final Consumer<String> problems;

    /**
     * @param problems a line of the function's log each
     */
    Capturing(LiveQueue queue, EmbeddedMetrics metrics, Consumer<String> problems) {
        this.queue = queue;
        this.metrics = metrics;
        this.problems = problems;
    }

    void capture(LiveMessage predictions, Instant at) {
        try {
            queue.send(predictions);
        } catch (QueueUnavailableException down) {
            metrics.put(
                    at,
                    Map.of("pipeline", predictions.pipeline()),
                    Map.of("CaptureFailures", (double) predictions.rows().rows()));
            problems.accept(
                    "PREDICTIONS_NOT_CAPTURED pipeline=%s rows=%d: %s; send them again: %s"
                            .formatted(
                                    predictions.pipeline(),
                                    predictions.rows().rows(),
                                    down.getMessage(),
                                    new String(predictions.toJson(), StandardCharsets.UTF_8)));
        }
    }
}

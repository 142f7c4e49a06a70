package dev.perennial.aws;

import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** What went wrong without a caller noticing: a line of the log, and a metric for an alarm. */
public final class Failures {
    private final String pipeline;
    private final EmbeddedMetrics metrics;
    private final Consumer<String> log;

    /**
     * @param log takes a line of the function's log
     */
    public Failures(String pipeline, EmbeddedMetrics metrics, Consumer<String> log) {
        this.pipeline = pipeline;
        this.metrics = metrics;
        this.log = log;
    }

    /**
     * Tells.
     *
     * @param metric that counts such failures
     * @param line says what failed, and why
     */
    public void tell(Instant at, String metric, int count, String line) {
        metrics.put(at, Map.of("pipeline", pipeline), Map.of(metric, (double) count));
        log.accept(line);
    }
}

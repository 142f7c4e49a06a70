package dev.perennial.aws;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import dev.perennial.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
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

    /** Tells in the log that Lambda's runtime has at that moment. */
    public static Failures ofThisFunction(String pipeline) {
        return new Failures(pipeline, EmbeddedMetrics.ofThisFunction(), log(pipeline));
    }

    /**
     * Writes errors to the log of this function as CloudWatch Logs Insights reads them: a JSON
     * object per line.
     */
    public static Consumer<String> log(String pipeline) {
        return message -> {
            Map<String, String> line = new LinkedHashMap<>();
            line.put("level", "ERROR");
            line.put("pipeline", pipeline);
            line.put("message", message);
            LambdaRuntime.getLogger()
                    .log(new String(Json.write(line), StandardCharsets.UTF_8) + "\n");
        };
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

package dev.perennial.aws;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import dev.perennial.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * CloudWatch metrics in the Embedded Metric Format: lines of the function's log, which CloudWatch
 * turns into metrics by itself. No call is made and no permission is needed.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">the
 * format's specification</a>.
 */
public final class EmbeddedMetrics {
    static final String NAMESPACE = "Perennial";

    /** The format's limit per line. */
    private static final int MAX_METRICS = 100;

    private final Consumer<String> log;

    /**
     * @param log takes a line of the function's log
     */
    public EmbeddedMetrics(Consumer<String> log) {
        this.log = log;
    }

    /** Writes to the log that Lambda's runtime has at that moment. */
    public static EmbeddedMetrics ofThisFunction() {
        return new EmbeddedMetrics(line -> LambdaRuntime.getLogger().log(line));
    }

    /**
     * Publishes values that share their dimensions.
     *
     * @param dimensions by name, such as the pipeline and the feature
     * @param values by the metric's name; one that is not finite is left out, as CloudWatch has no
     *     place for it
     */
    public void put(Instant at, Map<String, String> dimensions, Map<String, Double> values) {
        put(at, dimensions, values, Map.of());
    }

    /**
     * As above, with something to say in the same line.
     *
     * @param fields of the line that are no metric, such as {@code level} and {@code run}
     */
    public void put(
            Instant at,
            Map<String, String> dimensions,
            Map<String, Double> values,
            Map<String, String> fields) {
        List<Map.Entry<String, Double>> finite =
                values.entrySet().stream()
                        .filter(each -> Double.isFinite(each.getValue()))
                        .toList();
        for (int from = 0; from < finite.size(); from += MAX_METRICS) {
            line(
                    at,
                    dimensions,
                    finite.subList(from, Math.min(finite.size(), from + MAX_METRICS)),
                    fields);
        }
    }

    private void line(
            Instant at,
            Map<String, String> dimensions,
            List<Map.Entry<String, Double>> values,
            Map<String, String> fields) {
        List<Map<String, String>> names = new ArrayList<>();
        values.forEach(value -> names.add(Map.of("Name", value.getKey())));
        Map<String, Object> directive = new LinkedHashMap<>();
        directive.put("Namespace", NAMESPACE);
        directive.put("Dimensions", List.of(List.copyOf(dimensions.keySet())));
        directive.put("Metrics", names);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("Timestamp", at.toEpochMilli());
        metadata.put("CloudWatchMetrics", List.of(directive));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("_aws", metadata);
        line.putAll(dimensions);
        line.putAll(fields);
        values.forEach(value -> line.put(value.getKey(), value.getValue()));
        log.accept(new String(Json.write(line), StandardCharsets.UTF_8) + "\n");
    }
}

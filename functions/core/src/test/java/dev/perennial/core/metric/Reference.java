package dev.perennial.core.metric;

import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What scikit-learn, NumPy and SciPy say; written by {@code src/test/python/metric_fixtures.py}.
 */
public final class Reference {
    private Reference() {}

    /** Classified rows and their metrics. */
    record ClassCase(
            String name, int[] labels, double[][] probability, Map<String, Double> expected) {
        ClassPredictions predictions() {
            List<String> classes =
                    IntStream.range(0, probability[0].length)
                            .mapToObj("class %d"::formatted)
                            .toList();
            return new ClassPredictions(classes, labels, probability);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Regressed rows and their metrics. */
    record ValueCase(
            String name, double[] targets, double[] predicted, Map<String, Double> expected) {
        ValuePredictions predictions() {
            return new ValuePredictions(targets, predicted);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A sample and its exact quantiles. */
    public record QuantileCase(
            String name,
            double[] values,
            double[] q,
            double[] quantiles,
            double mean,
            double variance,
            int distinct) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Mean limits of SciPy's interval.
     *
     * @param deviation of one limit from one run to the next
     */
    record Limits(int resamples, double confidence, double low, double high, double deviation) {}

    record BootstrapCase(
            int[] labels,
            double[] ours,
            double[] theirs,
            double[] targets,
            double[] predicted,
            double[] further,
            Map<String, Limits> interval,
            Map<String, Limits> improvement) {}

    public static <T> T read(String name, Class<T> type) {
        try (InputStream file =
                Objects.requireNonNull(
                        Reference.class.getResourceAsStream("/metric/" + name + ".json"), name)) {
            return Json.read(name, file.readAllBytes(), type);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

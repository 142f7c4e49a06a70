package dev.perennial.core;

import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** What the scripts in src/test/python wrote. */
public final class Fixtures {
    private Fixtures() {}

    /** Reads one, by its folder and name. */
    public static JsonNode read(String name) {
        return Json.tree(name, bytes(name));
    }

    /** Its bytes as they are. */
    public static byte[] bytes(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public static double[] doubles(JsonNode node) {
        return IntStream.range(0, node.size())
                .mapToDouble(i -> node.get(i).doubleValue())
                .toArray();
    }

    public static Predictions predictions(String name) {
        JsonNode node = read("metric/predictions.json").get(name);
        if (node.has("targets")) {
            return new ValuePredictions(
                    doubles(node.get("targets")), doubles(node.get("predicted")));
        }
        JsonNode rows = node.get("probability");
        JsonNode labels = node.get("labels");
        return new ClassPredictions(
                IntStream.range(0, rows.get(0).size()).mapToObj(Integer::toString).toList(),
                IntStream.range(0, labels.size()).map(i -> labels.get(i).intValue()).toArray(),
                IntStream.range(0, rows.size())
                        .mapToObj(i -> doubles(rows.get(i)))
                        .toArray(double[][]::new));
    }
}

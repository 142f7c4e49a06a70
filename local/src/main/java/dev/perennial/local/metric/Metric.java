package dev.perennial.local.metric;

import java.util.Map;
import java.util.TreeMap;

/** What one series of values is about: CloudWatch's identity of a metric. */
public record Metric(String namespace, String name, Map<String, String> dimensions) {
    public Metric {
        dimensions = Map.copyOf(dimensions);
    }

    @Override
    public String toString() {
        return namespace + " " + name + " " + new TreeMap<>(dimensions);
    }
}

package dev.perennial.core.spec;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a feature view. */
final class ViewReader {
    private ViewReader() {}

    static FeatureView read(YamlMap root) {
        String name = SpecReader.name(root);
        String time = root.text("time");
        List<String> key = root.texts("key");
        List<FeatureSpec> columns = root.maps("columns", FeatureReader::column);
        Optional<Duration> timeToLive = root.optionalDuration("timeToLive");
        if (key.isEmpty()) {
            root.problem("key", "no usable column", "at least one column that names the entity");
        }
        if (columns.isEmpty()) {
            root.problem("columns", "no usable column", "at least one");
        }
        if (timeToLive.filter(Duration::isZero).isPresent()) {
            root.problem("timeToLive", "no time at all", "a duration longer than zero");
        }
        Set<String> seen = new HashSet<>();
        Stream.of(Stream.of(time), key.stream(), columns.stream().map(FeatureSpec::name))
                .flatMap(each -> each)
                .filter(column -> !seen.add(column))
                .forEach(column ->
                        root.problem(
                                "columns",
                                "'" + column + "' twice among time, key and columns",
                                "each name once"));
        return new FeatureView(
                name, key, time, columns, timeToLive, root.number("maxBadRows", 0, 1, 0.01));
    }
}

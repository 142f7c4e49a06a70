package dev.perennial.core.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a feature view. */
final class ViewReader {
    private ViewReader() {}

    static FeatureView read(YamlMap root) {
        String name = SpecReader.name(root);
        String time = root.text("time");
        Map<String, Boolean> keys = KeyReader.read(root);
        List<String> key = List.copyOf(keys.keySet());
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
        Names.check(
                root,
                "columns",
                Stream.of(Stream.of(time), key.stream(), columns.stream().map(FeatureSpec::name))
                        .flatMap(each -> each)
                        .toList());
        return new FeatureView(
                name,
                key,
                KeyReader.personal(keys),
                time,
                columns,
                timeToLive,
                root.number("maxBadRows", 0, 1, 0.01));
    }
}

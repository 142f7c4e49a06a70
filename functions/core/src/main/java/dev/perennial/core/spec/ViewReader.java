package dev.perennial.core.spec;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a feature view. */
final class ViewReader {
    /** Names of virtual columns of DuckDB, by which the join finds rows. */
    private static final Set<String> RESERVED = Set.of("file_index", "file_row_number", "filename");

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
        Set<String> seen = new HashSet<>();
        Stream.of(Stream.of(time), key.stream(), columns.stream().map(FeatureSpec::name))
                .flatMap(each -> each)
                .filter(column -> !seen.add(column))
                .forEach(column ->
                        root.problem(
                                "columns",
                                "'" + column + "' twice among time, key and columns",
                                "each name once"));
        seen.stream()
                .filter(RESERVED::contains)
                .forEach(column ->
                        root.problem(
                                "columns", "'" + column + "'", "another name: the join uses it"));
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

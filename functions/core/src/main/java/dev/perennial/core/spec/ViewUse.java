package dev.perennial.core.spec;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pipeline takes from a feature view.
 *
 * @param on for each of the view's keys, the pipeline's column that holds it
 * @param columns taken, under the name that the model knows
 * @param maxAge how old a row's event time may be at the moment of the label row; empty: any age
 */
public record ViewUse(
        FeatureView view,
        Map<String, String> on,
        List<TakenColumn> columns,
        Optional<Duration> maxAge,
        Match match) {
    public ViewUse {
        on = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(on));
        columns = List.copyOf(columns);
    }

    /**
     * A column of the view.
     *
     * @param as its name as a feature
     */
    public record TakenColumn(String column, String as) {}

    /** Which rows are early enough. */
    public enum Match {
        /** Those with the label row's own moment too. */
        AT_OR_BEFORE,
        /** Only earlier ones. */
        BEFORE
    }

    /** What holds a row's entity, in the order of the view's key. */
    public List<String> entity() {
        return view.key().stream().map(column -> on.getOrDefault(column, column)).toList();
    }
}

package dev.perennial.core.spec;

import java.util.Locale;
import java.util.OptionalDouble;

/** What validation looks for. A spec may set how serious each is, and where it begins. */
public enum Check {
    BAD_ROWS,
    SKIPPED_COLUMNS,
    WINDOW,
    SCHEMA,
    ROW_COUNT,
    /** Least share of the rows of earlier trainings. */
    ROW_CHANGE(0.5, 0, 1),
    FRESHNESS,
    GAP,
    UNIQUENESS,
    NULLS,
    RANGE,
    CATEGORY,
    CONSTANT,
    /** Most times as many distinct values as in the champion's training data. */
    CARDINALITY(3, 1, 1e9),
    /** Largest share of values that the champion's training data didn't have. */
    UNSEEN(0.01, 0, 1),
    /** Share in the champion's training data from which on a value is missed. */
    VANISHED(0.02, 0, 1),
    FORMAT,
    LABEL,
    /** Largest difference of a class's share. */
    LABEL_BALANCE(0.1, 0, 1),
    /** AUC, or squared correlation, from which on a feature knows too much. */
    LEAKAGE(0.995, 0.5, 1),
    /** Share of rows from which on a time in a feature is too late for them. */
    AFTER_EVENT(0.01, 0, 1),
    /** AUC, or squared correlation, from which on the way a key is written knows too much. */
    TARGET_IN_KEY(0.95, 0.5, 1),
    /** Least stability index that matters. */
    SKEW(0.1, 0, 100),
    UNIT,
    /** Largest difference of a rank correlation. */
    CORRELATION(0.3, 0, 2);

    private final OptionalDouble threshold;
    private final double low;
    private final double high;

    Check() {
        threshold = OptionalDouble.empty();
        low = 0;
        high = 0;
    }

    Check(double threshold, double low, double high) {
        this.threshold = OptionalDouble.of(threshold);
        this.low = low;
        this.high = high;
    }

    /** As findings name it, in kebab case. */
    public String rule() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Where it begins unless the spec says; empty where a limit stands elsewhere in the spec. */
    public OptionalDouble threshold() {
        return threshold;
    }

    double low() {
        return low;
    }

    double high() {
        return high;
    }
}

package dev.perennial.core.table;

import java.util.Set;

/**
 * What the cells of a column have to obey beyond their type. A row that breaks it is kept aside.
 *
 * @param required whether a missing value is a mistake
 * @param min smallest legal number
 * @param max largest legal number
 * @param values the legal texts; empty: any
 * @param longest of a text, in characters
 * @param latest the last legal moment, in microseconds since the epoch
 * @param personal whether the cell of a row that was kept aside may not be shown
 */
public record CellRule(
        boolean required,
        double min,
        double max,
        Set<String> values,
        int longest,
        long latest,
        boolean personal) {
    /** Anything goes. */
    public static final CellRule NONE =
            new CellRule(
                    false,
                    Double.NEGATIVE_INFINITY,
                    Double.POSITIVE_INFINITY,
                    Set.of(),
                    TableReader.MAX_CELL,
                    Long.MAX_VALUE,
                    false);

    public CellRule {
        values = Set.copyOf(values);
    }

    /** A column that must have a value in each row. */
    public CellRule demanded() {
        return new CellRule(true, min, max, values, longest, latest, personal);
    }

    /** A column whose cells nobody may see. */
    public CellRule hidden(boolean hidden) {
        return new CellRule(required, min, max, values, longest, latest, hidden);
    }

    /** Numbers within bounds, inclusive. */
    public CellRule within(double low, double high) {
        return new CellRule(required, low, high, values, longest, latest, personal);
    }

    /** Texts out of a set. */
    public CellRule oneOf(Set<String> legal) {
        return new CellRule(required, min, max, legal, longest, latest, personal);
    }

    /** Moments no later than one, in microseconds since the epoch. */
    public CellRule noLaterThan(long micros) {
        return new CellRule(required, min, max, values, longest, micros, personal);
    }

    /** Texts of at most so many characters. */
    public CellRule atMost(int characters) {
        return new CellRule(required, min, max, values, characters, latest, personal);
    }
}

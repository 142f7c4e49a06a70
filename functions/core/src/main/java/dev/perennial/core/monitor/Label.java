package dev.perennial.core.monitor;

/**
 * What came true of a row.
 *
 * @param id of the prediction; "" where entity and time name the row
 * @param time the row's own, in microseconds since the epoch; meaningless with an id
 * @param at when the label came
 * @param category "" for regression
 * @param value NaN unless it is a regression's
 */
public record Label(String id, String entity, long time, long at, String category, double value) {
    boolean hasId() {
        return !id.isEmpty();
    }

    boolean says(Label other) {
        return category.equals(other.category) && Double.compare(value, other.value) == 0;
    }
}

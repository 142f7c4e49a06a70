package dev.perennial.core.spec;

/**
 * Where a hyperparameter is drawn from.
 *
 * @param low inclusive
 * @param high inclusive; equal to {@code low} for a fixed value
 */
public record Range(double low, double high) {
    public Range {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "range [%s, %s] is empty or not finite".formatted(low, high));
        }
    }
}

package dev.perennial.core.retrain;

/**
 * What one model lost beyond another on the same rows.
 *
 * @param mean per row
 * @param variance of that mean were the rows independent; above 0. {@link #of} takes the mean
 *     square for it, an upper bound that differs where the mean is far from 0.
 */
public record Difference(double mean, double variance) {
    public Difference {
        if (!Double.isFinite(mean) || !(variance > 0) || variance == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "losses differ by a finite mean with a variance above 0, not by %s with %s"
                            .formatted(mean, variance));
        }
    }

    /** Of the other model beyond the one. */
    Difference turned() {
        return new Difference(-mean, variance);
    }

    /**
     * Of two models' losses, row by row, each from 0 to 1. Rows on which both lose alike tell of no
     * variance, so at least one row counts as different.
     *
     * @throws IllegalArgumentException unless both have the same number of rows, at least one
     */
    public static Difference of(double[] losses, double[] others) {
        return of(losses, others, 1);
    }

    /**
     * As above, of losses that aren't between 0 and 1.
     *
     * @param unit what one row may lose, above 0
     */
    static Difference of(double[] losses, double[] others, double unit) {
        if (losses.length != others.length || losses.length == 0) {
            throw new IllegalArgumentException(
                    "losses of the same rows are compared, but there are %d and %d"
                            .formatted(losses.length, others.length));
        }
        double rows = losses.length;
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < losses.length; row++) {
            double difference = losses[row] - others[row];
            sum += difference;
            squares += difference * difference;
        }
        return new Difference(sum / rows, Math.max(squares, unit * unit) / rows / rows);
    }
}

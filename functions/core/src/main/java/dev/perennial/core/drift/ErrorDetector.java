package dev.perennial.core.drift;

/**
 * Watches a model's errors, one after the other in the order of the predictions. Immutable: each
 * value gives a new detector, and one that was stored goes on as if it hadn't been. After an alarm
 * the next value begins anew.
 */
public sealed interface ErrorDetector permits PageHinkley, Ddm, Eddm, HddmA, HddmW, Adwin {
    /**
     * After one more value.
     *
     * @param value 0 for right or 1 for wrong; any loss for {@link PageHinkley} and {@link Adwin}
     */
    ErrorDetector update(double value);

    /** Whether the last value set it off. */
    boolean alarm();

    /**
     * The value, if it is a number: comparisons with NaN are false, and a detector that once took
     * it in would never alarm again.
     *
     * @throws IllegalArgumentException if it is NaN or infinite
     */
    static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "an error is a finite number, but is " + value + "; leave such rows out");
        }
        return value;
    }

    /**
     * A setting that was found good, or an exception that names it.
     *
     * @throws IllegalArgumentException if it isn't
     */
    static void require(boolean good, String setting, double value) {
        if (!good) {
            throw new IllegalArgumentException(setting + ", but is " + value);
        }
    }
}

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
}

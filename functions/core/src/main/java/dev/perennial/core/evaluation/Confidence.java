package dev.perennial.core.evaluation;

import java.util.Arrays;

/**
 * What calibrated probabilities say of their own errors, before any label has come: CBPE,
 * confidence-based performance estimation (Guillory and others 2021; NannyML).
 */
public final class Confidence {
    private Confidence() {}

    /**
     * How probable it is that the most probable class is wrong.
     *
     * @param probabilities of the classes, summing to 1
     * @return 0 to 1
     */
    public static double expectedError(double[] probabilities) {
        return 1 - Arrays.stream(probabilities).max().orElseThrow();
    }
}

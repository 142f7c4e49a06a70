package dev.perennial.core.metric;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * By how much one model is better than another, in the metric's better direction.
 *
 * @param standardError of the estimate, from the resamples' standard deviation
 * @param degreesOfFreedom blocks less one, at least 1
 */
public record Improvement(double estimate, double standardError, int degreesOfFreedom) {
    /** The one-sided bound that the truth lies above with the given confidence (Student's t). */
    public double atLeast(double confidence) {
        return estimate - margin(confidence);
    }

    /** The one-sided bound that the truth lies below with the given confidence. */
    public double atMost(double confidence) {
        return estimate + margin(confidence);
    }

    private double margin(double confidence) {
        return standardError == 0
                ? 0
                : standardError
                        * TDistribution.of(degreesOfFreedom)
                                .inverseSurvivalProbability(1 - confidence);
    }
}

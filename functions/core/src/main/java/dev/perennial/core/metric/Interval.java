package dev.perennial.core.metric;

/**
 * An estimate with its confidence interval.
 *
 * @param confidence of the interval, such as 0.95
 */
public record Interval(double estimate, double low, double high, double confidence) {}

package dev.perennial.core.metric;

/**
 * One bin of a reliability curve.
 *
 * @param predicted mean predicted probability
 * @param observed share of rows where it happened
 */
public record ReliabilityBin(double predicted, double observed, long rows) {}

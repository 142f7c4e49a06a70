package dev.perennial.local.metric;

import java.time.Instant;

/**
 * What one call told of one metric.
 *
 * @param unit as CloudWatch spells it; {@code None} where none was told
 */
record Datum(Metric metric, Instant timestamp, String unit, Statistics values) {}

package dev.perennial.core.monitor;

import java.time.Instant;

/**
 * A rise of the champion's errors.
 *
 * @param at when the prediction was made that set the detector off
 * @param began since when the errors had been rising, as far as the detector can tell: where its
 *     statistic was 0 for the last time
 */
public record Drift(Instant at, Instant began) {}

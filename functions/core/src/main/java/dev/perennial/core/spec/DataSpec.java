package dev.perennial.core.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * What the data as a whole must obey.
 *
 * @param minRows fewest rows that a training may use
 * @param maxBadRows largest share of rows that could not be read, 0 to 1
 * @param maxAge how old the newest row may be when a run starts
 */
public record DataSpec(int minRows, double maxBadRows, Optional<Duration> maxAge) {}

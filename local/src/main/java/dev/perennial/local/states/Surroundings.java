package dev.perennial.local.states;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * All that executions touch outside of their own data.
 *
 * @param random for jitter, $random, $uuid and $shuffle; safe for use by many threads, e.g. a
 *     {@link java.util.Random}
 */
public record Surroundings(
        TaskRunner tasks,
        InstantSource clock,
        Waiting waiting,
        RandomGenerator random,
        ExecutionListener listener) {}

package dev.perennial.core.spec;

import java.time.Duration;

/**
 * How much of the window's end is held out: first validation, then test. The rest trains. Always by
 * time.
 */
public record SplitSpec(Duration validation, Duration test) {}

/**
 * What the monitor knows: predictions that wait for their labels, the live features by day, the
 * live model's quality, and whether any of it has moved. Pure; reading and publishing is the
 * function's.
 */
@NullMarked
package dev.perennial.core.monitor;

import org.jspecify.annotations.NullMarked;

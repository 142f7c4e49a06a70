/**
 * What live traffic leaves behind: predictions and labels on their way from callers to the store,
 * and the log that says in which order their batches came.
 */
@NullMarked
package dev.perennial.core.live;

import org.jspecify.annotations.NullMarked;

/** Metrics of predictions, their bootstrap intervals and slices. */
@NullMarked
package dev.perennial.core.metric;

import org.jspecify.annotations.NullMarked;

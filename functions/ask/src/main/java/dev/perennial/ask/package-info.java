/** The function that keeps a run's question while the run waits for its answer. */
@NullMarked
package dev.perennial.ask;

import org.jspecify.annotations.NullMarked;

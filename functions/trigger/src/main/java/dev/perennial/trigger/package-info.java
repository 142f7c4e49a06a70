/** The function that turns events into at most one run. */
@NullMarked
package dev.perennial.trigger;

import org.jspecify.annotations.NullMarked;

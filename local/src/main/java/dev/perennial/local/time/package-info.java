/** Simulated time. */
@NullMarked
package dev.perennial.local.time;

import org.jspecify.annotations.NullMarked;

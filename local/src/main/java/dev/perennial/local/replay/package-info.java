/**
 * The time machine: drives a stack through a history as it would have come, and says what would
 * have happened under each policy.
 */
@NullMarked
package dev.perennial.local.replay;

import org.jspecify.annotations.NullMarked;

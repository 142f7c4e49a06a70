/**
 * What the steps hand to each other through the state machine: small records, everything large by
 * reference.
 */
@NullMarked
package dev.perennial.core.step;

import org.jspecify.annotations.NullMarked;

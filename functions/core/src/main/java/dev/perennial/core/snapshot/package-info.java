/** Training sets: immutable, identified by what they were made from. */
@NullMarked
package dev.perennial.core.snapshot;

import org.jspecify.annotations.NullMarked;

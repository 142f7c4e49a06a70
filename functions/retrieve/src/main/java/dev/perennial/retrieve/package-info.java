/** The step that selects the window from the store and writes the immutable snapshot. */
@NullMarked
package dev.perennial.retrieve;

import org.jspecify.annotations.NullMarked;

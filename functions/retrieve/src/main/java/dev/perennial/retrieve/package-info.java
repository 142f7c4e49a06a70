/** The step 'retrieve' of the factory. */
@NullMarked
package dev.perennial.retrieve;

import org.jspecify.annotations.NullMarked;

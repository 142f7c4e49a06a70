/** The step 'conclude' of the factory. */
@NullMarked
package dev.perennial.conclude;

import org.jspecify.annotations.NullMarked;

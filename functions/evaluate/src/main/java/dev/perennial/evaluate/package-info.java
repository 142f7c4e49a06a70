/** The step 'evaluate' of the factory. */
@NullMarked
package dev.perennial.evaluate;

import org.jspecify.annotations.NullMarked;

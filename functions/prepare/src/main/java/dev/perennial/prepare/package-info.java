/** The step 'prepare' of the factory. */
@NullMarked
package dev.perennial.prepare;

import org.jspecify.annotations.NullMarked;

/** The step 'register' of the factory. */
@NullMarked
package dev.perennial.register;

import org.jspecify.annotations.NullMarked;

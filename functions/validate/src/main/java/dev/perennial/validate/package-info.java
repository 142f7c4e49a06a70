/** The step 'validate' of the factory. */
@NullMarked
package dev.perennial.validate;

import org.jspecify.annotations.NullMarked;

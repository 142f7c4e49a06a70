/** The step 'train' of the factory. */
@NullMarked
package dev.perennial.train;

import org.jspecify.annotations.NullMarked;

/** The step 'promote' of the factory. */
@NullMarked
package dev.perennial.promote;

import org.jspecify.annotations.NullMarked;

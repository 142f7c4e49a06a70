/** The domain of the factory; see its sub-packages. */
@NullMarked
package dev.perennial.core;

import org.jspecify.annotations.NullMarked;

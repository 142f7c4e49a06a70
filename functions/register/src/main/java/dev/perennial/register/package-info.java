/** The step that gives an accepted candidate its number and writes down where it comes from. */
@NullMarked
package dev.perennial.register;

import org.jspecify.annotations.NullMarked;

/** What a caller may ask of the live model, and what it answers. */
@NullMarked
package dev.perennial.core.serving;

import org.jspecify.annotations.NullMarked;

/** The one JSON mapping: strict when reading, the same bytes for the same value when writing. */
@NullMarked
package dev.perennial.core.json;

import org.jspecify.annotations.NullMarked;

/** The step that writes the report and closes the run's record. */
@NullMarked
package dev.perennial.conclude;

import org.jspecify.annotations.NullMarked;

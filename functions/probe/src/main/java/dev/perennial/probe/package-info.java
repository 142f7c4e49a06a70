/** The step that compares what serves with small fresh models. */
@NullMarked
package dev.perennial.probe;

import org.jspecify.annotations.NullMarked;

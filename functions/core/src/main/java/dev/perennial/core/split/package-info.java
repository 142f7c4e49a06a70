/** Splits by time: the past trains, the newest rows test. */
@NullMarked
package dev.perennial.core.split;

import org.jspecify.annotations.NullMarked;

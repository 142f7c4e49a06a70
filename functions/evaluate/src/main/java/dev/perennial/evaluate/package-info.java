/**
 * The step that compares the best candidate with the champion and the baselines, and asks the
 * gates.
 */
@NullMarked
package dev.perennial.evaluate;

import org.jspecify.annotations.NullMarked;

/**
 * The model registry: immutable versions numbered without gaps, aliases with a history, and the
 * record of every run.
 */
@NullMarked
package dev.perennial.core.registry;

import org.jspecify.annotations.NullMarked;

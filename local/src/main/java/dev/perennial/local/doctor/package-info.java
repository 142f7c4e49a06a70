/**
 * Whether a factory is whole: everything there, wired, permitted and fresh, and what to do if not.
 */
@NullMarked
package dev.perennial.local.doctor;

import org.jspecify.annotations.NullMarked;

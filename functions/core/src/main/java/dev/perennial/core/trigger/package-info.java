/**
 * Whether an event starts a run: pure rules, and the log in which every decision is kept with its
 * reason.
 */
@NullMarked
package dev.perennial.core.trigger;

import org.jspecify.annotations.NullMarked;

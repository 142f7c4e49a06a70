/** The step that splits by time, fits the preparation graph, runs it, and draws the candidates. */
@NullMarked
package dev.perennial.prepare;

import org.jspecify.annotations.NullMarked;

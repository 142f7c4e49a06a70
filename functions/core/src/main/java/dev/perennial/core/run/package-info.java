/** One execution of the factory: its identity, status, cost and summary. */
@NullMarked
package dev.perennial.core.run;

import org.jspecify.annotations.NullMarked;

/** What evaluation measured and what the gates made of it. */
@NullMarked
package dev.perennial.core.evaluation;

import org.jspecify.annotations.NullMarked;

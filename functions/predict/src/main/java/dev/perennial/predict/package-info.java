/** The function that callers ask: it answers with the champion. */
@NullMarked
package dev.perennial.predict;

import org.jspecify.annotations.NullMarked;

/** The step that makes a registered version champion. */
@NullMarked
package dev.perennial.promote;

import org.jspecify.annotations.NullMarked;

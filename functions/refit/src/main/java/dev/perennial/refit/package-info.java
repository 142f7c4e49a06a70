/** The step that trains what passed the gates again, on the newest rows too. */
@NullMarked
package dev.perennial.refit;

import org.jspecify.annotations.NullMarked;

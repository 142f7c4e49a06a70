/** Files that a kill or a full disk leaves readable. */
@NullMarked
package dev.perennial.local.file;

import org.jspecify.annotations.NullMarked;

/** The local cloud: runs the template on one machine. */
@NullMarked
package dev.perennial.local;

import org.jspecify.annotations.NullMarked;

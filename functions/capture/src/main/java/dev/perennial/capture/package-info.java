/** The function that stores what waits in the capture queue. */
@NullMarked
package dev.perennial.capture;

import org.jspecify.annotations.NullMarked;

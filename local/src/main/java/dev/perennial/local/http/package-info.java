/** Listening on this machine's loopback interface. */
@NullMarked
package dev.perennial.local.http;

import org.jspecify.annotations.NullMarked;

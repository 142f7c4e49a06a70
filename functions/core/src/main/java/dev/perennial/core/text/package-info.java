/** What messages are made of. */
@NullMarked
package dev.perennial.core.text;

import org.jspecify.annotations.NullMarked;

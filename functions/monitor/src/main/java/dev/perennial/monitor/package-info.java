/** The function that compares live traffic with training. */
@NullMarked
package dev.perennial.monitor;

import org.jspecify.annotations.NullMarked;

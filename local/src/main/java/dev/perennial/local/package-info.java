/**
 * The local cloud: runs the template on one machine, with neither Docker nor an account. A tool for
 * this stack, no general emulator.
 */
@NullMarked
package dev.perennial.local;

import org.jspecify.annotations.NullMarked;

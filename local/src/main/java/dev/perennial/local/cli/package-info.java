/** The command line. Results go to standard output, progress and problems to standard error. */
@NullMarked
package dev.perennial.local.cli;

import org.jspecify.annotations.NullMarked;

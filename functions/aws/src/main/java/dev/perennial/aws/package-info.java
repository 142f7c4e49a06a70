/** AWS behind core's interfaces, and the entry that every function shares. */
@NullMarked
package dev.perennial.aws;

import org.jspecify.annotations.NullMarked;

/** What a run asks before it promotes: a person, or live labels. */
@NullMarked
package dev.perennial.core.promotion;

import org.jspecify.annotations.NullMarked;

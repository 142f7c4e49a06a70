/** The step that profiles the snapshot and judges whether it is fit to train on. */
@NullMarked
package dev.perennial.validate;

import org.jspecify.annotations.NullMarked;

/** The function that takes labels as they come late. */
@NullMarked
package dev.perennial.feedback;

import org.jspecify.annotations.NullMarked;

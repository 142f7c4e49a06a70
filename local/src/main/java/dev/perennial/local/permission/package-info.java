/** Who may do what: the template's policies, and the question whether a call is allowed by them. */
@NullMarked
package dev.perennial.local.permission;

import org.jspecify.annotations.NullMarked;

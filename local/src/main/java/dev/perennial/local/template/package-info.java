/**
 * Reads template.yaml: what the local cloud runs, what it ignores with a reason, and what it
 * refuses.
 */
@NullMarked
package dev.perennial.local.template;

import org.jspecify.annotations.NullMarked;

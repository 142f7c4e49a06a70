/** Where large things live: immutable artifacts with their digests. */
@NullMarked
package dev.perennial.core.store;

import org.jspecify.annotations.NullMarked;

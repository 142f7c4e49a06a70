/** The function that takes files into the feature store. */
@NullMarked
package dev.perennial.ingest;

import org.jspecify.annotations.NullMarked;

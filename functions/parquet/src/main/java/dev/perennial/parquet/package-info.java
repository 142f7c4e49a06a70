/** Parquet files from tables. Reading them is core's; writing needs DuckDB's native library. */
@NullMarked
package dev.perennial.parquet;

import org.jspecify.annotations.NullMarked;

/**
 * Typed columns in memory, and the readers that fill them from CSV and Parquet. No file is ever
 * written here.
 */
@NullMarked
package dev.perennial.core.table;

import org.jspecify.annotations.NullMarked;

package dev.perennial.core.table;

/** How the values of a column are read. */
public enum ColumnType {
    /** A finite number; missing is NaN. */
    NUMBER,
    /**
     * A text out of a set that is not known beforehand; keys and class labels are categories too.
     */
    CATEGORY,
    /**
     * A moment: ISO-8601 (without offset: UTC) or a Unix epoch in seconds, milliseconds or
     * microseconds.
     */
    TIME
}

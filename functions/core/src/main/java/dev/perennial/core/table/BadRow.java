package dev.perennial.core.table;

import dev.perennial.core.text.Shortened;

/**
 * A row that was kept aside.
 *
 * @param file where it stands
 * @param line 1-based line of a text file, where the row begins; 1-based row of a Parquet file
 * @param column the first column that is wrong; "" where the row as a whole is
 * @param value what stands there, shortened
 */
public record BadRow(String file, long line, String column, String value, String reason) {
    private static final int MAX_VALUE = 200;

    public BadRow {
        value = Shortened.shown(value, MAX_VALUE);
    }

    /** The same without what stands there, which is personal. */
    BadRow withoutValue() {
        return new BadRow(file, line, column, "", reason);
    }
}

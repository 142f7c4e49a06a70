package dev.perennial.core.table;

import java.util.List;

/**
 * What reading gave.
 *
 * @param badRows the first {@value TableReader#MAX_KEPT_BAD_ROWS} of the rows kept aside, in order
 * @param badRowCount all rows kept aside
 * @param skippedColumns columns of the files that the schema doesn't ask for
 */
public record ReadTable(
        Table table, List<BadRow> badRows, long badRowCount, List<String> skippedColumns) {
    public ReadTable {
        badRows = List.copyOf(badRows);
        skippedColumns = List.copyOf(skippedColumns);
    }
}

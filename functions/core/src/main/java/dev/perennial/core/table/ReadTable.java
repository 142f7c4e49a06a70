package dev.perennial.core.table;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What reading gave.
 *
 * @param badRows the first {@value TableReader#MAX_KEPT_BAD_ROWS} of the rows kept aside, in order
 * @param badRowCount all rows kept aside
 * @param skippedColumns columns of the files that the schema doesn't ask for
 * @param storedAs types that the Parquet files among them have for each column of the schema
 */
public record ReadTable(
        Table table,
        List<BadRow> badRows,
        long badRowCount,
        List<String> skippedColumns,
        Map<String, Set<String>> storedAs) {
    public ReadTable {
        badRows = List.copyOf(badRows);
        skippedColumns = List.copyOf(skippedColumns);
    }
}

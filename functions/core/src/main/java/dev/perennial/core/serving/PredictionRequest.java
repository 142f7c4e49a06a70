package dev.perennial.core.serving;

import dev.perennial.core.table.Table;
import java.util.BitSet;
import java.util.Map;

/**
 * Rows to predict.
 *
 * @param rows 1 to {@value #MOST_ROWS}; the spec's features and keys, and its time where the caller
 *     gave one
 * @param leftOut features of views that some rows don't say, with these rows; missing in {@code
 *     rows}
 * @param explain whether each feature's contribution is asked for; of one row only
 */
public record PredictionRequest(Table rows, boolean explain, Map<String, BitSet> leftOut) {
    public static final int MOST_ROWS = 1_000;
}

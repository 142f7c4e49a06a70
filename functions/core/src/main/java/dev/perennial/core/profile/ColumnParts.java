package dev.perennial.core.profile;

import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.Arrays;
import java.util.List;

/** Which part of a column each row is in; the last part is that of missing values. */
public final class ColumnParts {
    private ColumnParts() {}

    /**
     * Between edges: one part below the first, and one from each on. Counted one by one: of a few
     * edges a binary search mispredicts most branches.
     *
     * @param edges ascending
     */
    public static int[] byEdges(NumberColumn column, double[] edges) {
        return Arrays.stream(column.values())
                .mapToInt(value -> {
                    if (Double.isNaN(value)) {
                        return edges.length + 1;
                    }
                    int part = 0;
                    for (double edge : edges) {
                        part += edge <= value ? 1 : 0;
                    }
                    return part;
                })
                .toArray();
    }

    /**
     * By value: one part for each, then one of all others.
     *
     * @param values as profiles keep them
     */
    public static int[] byValue(CategoryColumn column, List<String> values) {
        int[] byCode =
                column.dictionary().stream()
                        .mapToInt(value -> {
                            int part = values.indexOf(CategoryProfile.kept(value));
                            return part < 0 ? values.size() : part;
                        })
                        .toArray();
        return Arrays.stream(column.codes())
                .map(code -> code == CategoryColumn.MISSING ? values.size() + 1 : byCode[code])
                .toArray();
    }
}

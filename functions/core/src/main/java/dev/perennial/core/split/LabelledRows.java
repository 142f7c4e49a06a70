package dev.perennial.core.split;

import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.stream.IntStream;

/** The rows that can be learned from: those with a label. Validation counts the others. */
public final class LabelledRows {
    private LabelledRows() {}

    public static Table of(PipelineSpec spec, Table table) {
        String label = spec.label().column();
        int[] rows =
                switch (spec.task()) {
                    case REGRESSION -> {
                        NumberColumn numbers = table.number(label);
                        yield IntStream.range(0, table.rows())
                                .filter(row -> !Double.isNaN(numbers.values()[row]))
                                .toArray();
                    }
                    case BINARY, MULTICLASS -> {
                        CategoryColumn classes = table.category(label);
                        yield IntStream.range(0, table.rows())
                                .filter(row -> classes.codes()[row] != CategoryColumn.MISSING)
                                .toArray();
                    }
                };
        return rows.length == table.rows() ? table : table.select(rows);
    }
}

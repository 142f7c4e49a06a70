package dev.perennial.core.serving;

import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Values that a spec calls illegal. Training refuses them, as what they teach is wrong; a caller is
 * answered, as a model has an answer to any value, and told of them: rows from the first, or
 * nothing if all is legal.
 */
public final class DeclaredLimits {
    /** Nobody reads more. */
    private static final int MOST_TOLD = 20;

    private final List<String> told = new ArrayList<>();
    private long more;

    private DeclaredLimits() {}

    /**
     * What is outside the limits, a sentence each, for at most {@value #MOST_TOLD} values; the last
     * one says how many there are beside them.
     */
    public static List<String> warnings(PipelineSpec spec, Table rows) {
        DeclaredLimits limits = new DeclaredLimits();
        for (FeatureSpec feature : spec.features()) {
            switch (feature) {
                case NumberFeature number -> limits.check(number, rows);
                case CategoryFeature category -> limits.check(category, rows);
            }
        }
        if (limits.more > 0) {
            limits.told.add("%,d more values outside the spec's limits".formatted(limits.more));
        }
        return limits.told;
    }

    private void check(NumberFeature feature, Table rows) {
        double min = feature.min().orElse(Double.NEGATIVE_INFINITY);
        double max = feature.max().orElse(Double.POSITIVE_INFINITY);
        double[] values = rows.number(feature.name()).values();
        for (int row = 0; row < values.length; row++) {
            if (values[row] < min) {
                tell(row, feature, values[row] + " is below the spec's min " + min);
            } else if (values[row] > max) {
                tell(row, feature, values[row] + " is above the spec's max " + max);
            }
        }
    }

    private void check(CategoryFeature feature, Table rows) {
        if (feature.values().isEmpty()) {
            return;
        }
        Set<String> legal = new HashSet<>(feature.values());
        CategoryColumn column = rows.category(feature.name());
        for (int row = 0; row < column.rows(); row++) {
            String value = column.text(row);
            if (column.codes()[row] != CategoryColumn.MISSING && !legal.contains(value)) {
                tell(
                        row,
                        feature,
                        "'%s' is not among the spec's values"
                                .formatted(RefusedRequestException.shown(value)));
            }
        }
    }

    /** A personal value may have been looked up: who asks needn't know it. */
    private void tell(int row, FeatureSpec feature, String problem) {
        if (told.size() < MOST_TOLD) {
            told.add(
                    "row %d, column '%s': %s"
                            .formatted(
                                    row,
                                    feature.name(),
                                    feature.personal() ? "outside the spec's limits" : problem));
        } else {
            more++;
        }
    }
}

package dev.perennial.core.spec;

import dev.perennial.core.table.ColumnType;
import java.util.List;
import java.util.OptionalDouble;

/** One input of the model and what its values must obey. */
public sealed interface FeatureSpec {
    String name();

    /** The largest share of missing values that validation accepts, 0 to 1. */
    double maxNulls();

    ColumnType type();

    /**
     * A number.
     *
     * @param min smallest legal value, inclusive
     * @param max largest legal value, inclusive
     */
    record NumberFeature(String name, OptionalDouble min, OptionalDouble max, double maxNulls)
            implements FeatureSpec {
        @Override
        public ColumnType type() {
            return ColumnType.NUMBER;
        }
    }

    /**
     * A category.
     *
     * @param values the legal values; empty: any value is legal, and one unseen in training is
     *     encoded as unknown
     */
    record CategoryFeature(String name, List<String> values, double maxNulls)
            implements FeatureSpec {
        public CategoryFeature {
            values = List.copyOf(values);
        }

        @Override
        public ColumnType type() {
            return ColumnType.CATEGORY;
        }
    }
}

package dev.perennial.core.spec;

import dev.perennial.core.table.ColumnType;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** One input of the model and what its values must obey. */
public sealed interface FeatureSpec {
    String name();

    /** The largest share of missing values that validation accepts, 0 to 1. */
    double maxNulls();

    ColumnType type();

    /** Whether its values may be seen nowhere but in the store and in snapshots. */
    boolean personal();

    /** Personal keys and the names of personal features. */
    static Set<String> personalNames(Set<String> keys, List<FeatureSpec> features) {
        Set<String> personal = new HashSet<>(keys);
        features.stream()
                .filter(FeatureSpec::personal)
                .map(FeatureSpec::name)
                .forEach(personal::add);
        return personal;
    }

    /** The same under another name. */
    FeatureSpec named(String name);

    /**
     * A number.
     *
     * @param min smallest legal value, inclusive
     * @param max largest legal value, inclusive
     */
    record NumberFeature(
            String name, OptionalDouble min, OptionalDouble max, double maxNulls, boolean personal)
            implements FeatureSpec {
        @Override
        public NumberFeature named(String other) {
            return new NumberFeature(other, min, max, maxNulls, personal);
        }

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
    record CategoryFeature(String name, List<String> values, double maxNulls, boolean personal)
            implements FeatureSpec {
        public CategoryFeature {
            values = List.copyOf(values);
        }

        @Override
        public CategoryFeature named(String other) {
            return new CategoryFeature(other, values, maxNulls, personal);
        }

        @Override
        public ColumnType type() {
            return ColumnType.CATEGORY;
        }
    }
}

package dev.perennial.core.evaluation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnParts;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Parts of the rows, by one feature each: a category's most frequent values, a number's quarters as
 * they were in training. Every row is in one slice of each feature; slices are numbered through.
 */
public record Slices(List<ByFeature> features) {
    /** As many of the most important features as people look at. */
    private static final int MOST_FEATURES = 8;

    private static final int MOST_VALUES = 8;

    public Slices {
        features = List.copyOf(features);
    }

    /**
     * The slices of one feature: one per value and one of all others, or one below, between and
     * above the cuts; and the last one of missing values.
     *
     * @param values of a category, the most frequent first; empty for a number
     * @param cuts of a number, ascending; one belongs to what is above it; empty for a category
     */
    public record ByFeature(String feature, boolean isNumber, List<String> values, double[] cuts) {
        public ByFeature {
            values = List.copyOf(values);
        }

        int size() {
            return (isNumber ? cuts.length : values.size()) + 2;
        }

        private static ByFeature of(ColumnProfile profile) {
            return switch (profile) {
                case NumberProfile numbers ->
                        new ByFeature(
                                profile.name(),
                                true,
                                List.of(),
                                numbers.count() == 0
                                        ? new double[0]
                                        : DoubleStream.of(0.25, 0.5, 0.75)
                                                .map(numbers::quantile)
                                                .sorted()
                                                .distinct()
                                                .toArray());
                case CategoryProfile categories ->
                        new ByFeature(
                                profile.name(),
                                false,
                                categories.surelyFrequent(MOST_VALUES),
                                new double[0]);
                default ->
                        throw new IllegalArgumentException(
                                profile.name() + " is a time column, and no feature");
            };
        }

        private int[] of(Column column) {
            return switch (column) {
                case NumberColumn numbers when isNumber -> ColumnParts.byEdges(numbers, cuts);
                case CategoryColumn categories when !isNumber ->
                        ColumnParts.byValue(categories, values);
                default ->
                        throw new IllegalArgumentException(
                                "'%s' is %s now, and was a %s column"
                                        .formatted(
                                                feature,
                                                column.type(),
                                                isNumber ? "number" : "category"));
            };
        }

        private String name(int slice) {
            if (slice == size() - 1) {
                return feature + " is missing";
            }
            if (!isNumber) {
                return slice == values.size()
                        ? feature + " is none of the frequent values"
                        : feature + " is " + values.get(slice);
            }
            if (cuts.length == 0) {
                return feature + " is there";
            }
            if (slice == 0) {
                return feature + " is below " + plain(cuts[0]);
            }
            String from = "%s is %s".formatted(feature, plain(cuts[slice - 1]));
            return slice == cuts.length ? from + " or more" : from + " to " + plain(cuts[slice]);
        }

        private static String plain(double value) {
            return String.format(Locale.ROOT, "%.4g", value);
        }
    }

    /**
     * Of the first features of a list.
     *
     * @param training rows
     * @param important features, the most important first
     */
    public static Slices of(Table training, List<String> important) {
        return new Slices(
                important.stream()
                        .limit(MOST_FEATURES)
                        .map(name -> ByFeature.of(ColumnProfile.of(training.column(name))))
                        .toList());
    }

    /** How many there are. */
    public int size() {
        return features.stream().mapToInt(ByFeature::size).sum();
    }

    /** What a slice is of, in words. */
    public String name(int slice) {
        int first = 0;
        for (ByFeature each : features) {
            if (slice < first + each.size()) {
                return each.name(slice - first);
            }
            first += each.size();
        }
        throw new IllegalArgumentException("no slice %d of %d".formatted(slice, first));
    }

    /**
     * The slices that rows are in.
     *
     * @return per row one number per feature
     * @throws IllegalArgumentException if a feature isn't there, or of another type
     */
    public int[][] of(Table rows) {
        int[][] slices = new int[rows.rows()][features.size()];
        int first = 0;
        for (int i = 0; i < features.size(); i++) {
            ByFeature feature = features.get(i);
            int[] bins = feature.of(rows.column(feature.feature()));
            for (int row = 0; row < bins.length; row++) {
                slices[row][i] = first + bins[row];
            }
            first += feature.size();
        }
        return slices;
    }

    /**
     * Errors in each slice.
     *
     * @param rows with the features
     * @param errors one per row
     */
    public SliceErrors errors(Table rows, double[] errors) {
        int[][] slices = of(rows);
        long[] counts = new long[size()];
        double[] sums = new double[size()];
        for (int row = 0; row < errors.length; row++) {
            for (int slice : slices[row]) {
                counts[slice]++;
                sums[slice] += errors[row];
            }
        }
        return new SliceErrors(this, counts, sums);
    }
}

package dev.perennial.core.drift;

import dev.perennial.core.drift.Measure.Contrast;
import dev.perennial.core.drift.Measure.Stability;
import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.ColumnParts;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TimeProfile;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Into which a reference divides its column; the last bin is that of missing values. */
sealed interface Bins {
    /** The rows of a profile in each bin. Not whole numbers where a sketch estimates them. */
    double[] counts(ColumnProfile profile);

    /**
     * The bin of each row.
     *
     * @throws IllegalArgumentException if the column is of another type
     */
    int[] of(Column column);

    /** What the profiles' sketches alone may add to a measure. */
    double blur(Measure measure, ColumnProfile reference, ColumnProfile live);

    /**
     * What can be asked of samples over these bins.
     *
     * @param reference rows per bin
     */
    Map<Aspect, Measure> measures(double[] reference);

    /**
     * Deciles of a number column, or the most frequent values of a category column and all others.
     *
     * @throws IllegalArgumentException for a time column, whose values never come again
     */
    static Bins of(ColumnProfile reference) {
        return switch (reference) {
            case NumberProfile numbers -> Deciles.of(numbers);
            case CategoryProfile categories -> Values.of(categories);
            case TimeProfile time ->
                    throw new IllegalArgumentException(
                            time.name() + " is a time column; drift is measured on features");
        };
    }

    /**
     * Between the deciles, and beyond the least and the greatest value: what training never saw is
     * a change of unit sooner than chance.
     *
     * @param edges strictly ascending; an edge belongs to the bin above it
     */
    record Deciles(double[] edges) implements Bins {
        private static final List<Aspect> BY_DEGREE = List.of(Aspect.LOCATION, Aspect.SPREAD);

        /** Where each value comes less often, in the mean, the sketch is as good as exact. */
        private static final int OFTEN = 10;

        private static Deciles of(NumberProfile reference) {
            // Equal deciles of a column with few values count once; a sketch's may even fall.
            List<Double> edges = new ArrayList<>();
            if (reference.count() == 0) {
                return new Deciles(new double[0]);
            }
            edges.add(reference.min());
            for (int tenth = 1; tenth < 10; tenth++) {
                double decile = reference.quantile(tenth / 10.0);
                if (decile > edges.getLast()) {
                    edges.add(decile);
                }
            }
            edges.add(Math.nextUp(reference.max()));
            return new Deciles(edges.stream().mapToDouble(Double::doubleValue).toArray());
        }

        @Override
        public double[] counts(ColumnProfile profile) {
            if (!(profile instanceof NumberProfile numbers)) {
                throw otherType(profile, "number");
            }
            double[] shares = numbers.shares(edges);
            double[] counts = Arrays.copyOf(shares, shares.length + 1);
            for (int bin = 0; bin < shares.length; bin++) {
                counts[bin] *= numbers.count();
            }
            counts[shares.length] = numbers.nulls();
            return counts;
        }

        @Override
        public int[] of(Column column) {
            if (!(column instanceof NumberColumn numbers)) {
                throw otherType(column, "number");
            }
            return ColumnParts.byEdges(numbers, edges);
        }

        /**
         * Of the index: Σ e²/p for an error e of a bin's share, in the mean over where in its
         * centroid an edge may fall.
         */
        private double blur(ColumnProfile reference, double[] atEdges) {
            double[] shares = ((NumberProfile) reference).shares(edges);
            double sum = 0;
            for (int bin = 0; bin < shares.length; bin++) {
                double below = bin == 0 ? 0 : atEdges[bin - 1];
                double above = bin == edges.length ? 0 : atEdges[bin];
                sum += shares[bin] == 0 ? 0 : (below + above) / shares[bin];
            }
            return sum * (1 - reference.nullShare());
        }

        @Override
        public double blur(Measure measure, ColumnProfile reference, ColumnProfile live) {
            double[] atEdges = atEdges(reference, live);
            return switch (measure) {
                case Stability _ -> blur(reference, atEdges);
                case Contrast contrast -> contrast.blur(atEdges);
            };
        }

        @Override
        public Map<Aspect, Measure> measures(double[] reference) {
            Map<Aspect, Measure> measures = new EnumMap<>(Aspect.class);
            measures.put(Aspect.SHARES, new Stability());
            List<Contrast> polynomials = Contrast.polynomials(reference, BY_DEGREE.size());
            for (int i = 0; i < polynomials.size(); i++) {
                measures.put(BY_DEGREE.get(i), polynomials.get(i));
            }
            return measures;
        }

        /** The squared error of the share of values below each edge that the sketches may make. */
        private double[] atEdges(ColumnProfile reference, ColumnProfile live) {
            double[] errors = new double[edges.length];
            if (!(reference instanceof NumberProfile from)
                    || !(live instanceof NumberProfile to)
                    || from.count() < OFTEN * from.distinct()) {
                return errors;
            }
            double[] shares = from.shares(edges);
            double below = 0;
            for (int edge = 0; edge < edges.length; edge++) {
                below = Math.min(1, below + shares[edge]);
                errors[edge] = (square(from.blur(below)) + square(to.blur(below))) / 3;
            }
            return errors;
        }
    }

    /** Frequent values, each its own bin; then all others. */
    record Values(List<String> frequent) implements Bins {
        private static final int MOST = 20;

        private static Values of(CategoryProfile reference) {
            return new Values(reference.surelyFrequent(MOST));
        }

        @Override
        public double[] counts(ColumnProfile profile) {
            if (!(profile instanceof CategoryProfile categories)) {
                throw otherType(profile, "category");
            }
            double[] counts = new double[frequent.size() + 2];
            double others = categories.count();
            for (int bin = 0; bin < frequent.size(); bin++) {
                counts[bin] = categories.share(frequent.get(bin)) * categories.count();
                others -= counts[bin];
            }
            counts[frequent.size()] = Math.max(0, others);
            counts[frequent.size() + 1] = categories.nulls();
            return counts;
        }

        @Override
        public int[] of(Column column) {
            if (!(column instanceof CategoryColumn categories)) {
                throw otherType(column, "category");
            }
            return ColumnParts.byValue(categories, frequent);
        }

        /**
         * Each share may be too large by the sketches' error, and all others too small by the sum.
         */
        @Override
        public double blur(Measure measure, ColumnProfile reference, ColumnProfile live) {
            if (!(reference instanceof CategoryProfile from)
                    || !(live instanceof CategoryProfile to)) {
                return 0;
            }
            double error = (square(from.blur()) + square(to.blur())) / 3;
            double others = 1;
            double sum = 0;
            for (String value : frequent) {
                double share = from.share(value);
                sum += share == 0 ? 0 : error / share;
                others -= share;
            }
            double rest = Math.max(others, from.blur());
            sum += rest == 0 ? 0 : error * square(frequent.size()) / rest;
            return sum * (1 - from.nullShare());
        }

        @Override
        public Map<Aspect, Measure> measures(double[] reference) {
            return Map.of(Aspect.SHARES, new Stability());
        }
    }

    private static double square(double value) {
        return value * value;
    }

    private static IllegalArgumentException otherType(ColumnProfile profile, String expected) {
        return new IllegalArgumentException(
                "%s is profiled as %s, but is a %s column in the reference"
                        .formatted(profile.name(), profile.getClass().getSimpleName(), expected));
    }

    private static IllegalArgumentException otherType(Column column, String expected) {
        return new IllegalArgumentException(
                "%s is a %s column, but a %s column in the reference"
                        .formatted(column.name(), column.type(), expected));
    }
}

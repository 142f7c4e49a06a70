package dev.perennial.core.validation;

import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Numbers in the unit that they always had. New rows whose quantiles are the champion's times a
 * factor between units, or shifted as one, changed theirs; so did part of a column that is apart
 * from the rest by such a factor.
 */
final class UnitRule implements Rule {
    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};

    /** From one unit into another: metric prefixes, time, length, weight, speed. */
    private static final double[] FACTORS = {
        10, 100, 1e3, 1e4, 1e6, 1e9, 60, 3600, 24, 1.609344, 2.54, 30.48, 0.45359237, 3.6
    };

    private static final int LEAST_QUANTILES = 4;
    private static final double NEAR = 0.04;

    /** Of the spread of the quantiles, what a line through them may leave unexplained. */
    private static final double CLOSE_FIT = 0.03;

    /** Celsius into Fahrenheit. */
    private static final double FAHRENHEIT = 1.8;

    /** In distances from the 5th to the 95th percentile, a shift that no drift makes. */
    private static final double FAR = 2;

    private static final int MOST_ROWS = 30_000;
    private static final int LEAST_ROWS = 200;
    private static final double LEAST_PART = 0.001;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (FeatureSpec feature : subject.features()) {
            if (feature instanceof NumberFeature) {
                changed(subject, feature)
                        .or(() -> mixed(subject, feature))
                        .ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> changed(Subject subject, FeatureSpec feature) {
        if (subject.recent().isEmpty()) {
            return Optional.empty();
        }
        Optional<NumberProfile> before = subject.recent().get().champion().number(feature.name());
        NumberProfile now = subject.recent().get().profile().number(feature.name()).orElseThrow();
        if (before.isEmpty() || before.get().count() < LEAST_ROWS || now.count() < LEAST_ROWS) {
            return Optional.empty();
        }
        double[] x = Arrays.stream(QUANTILES).map(before.get()::quantile).toArray();
        double[] y = Arrays.stream(QUANTILES).map(now::quantile).toArray();
        if (Arrays.stream(x).distinct().count() < LEAST_QUANTILES
                || Arrays.stream(y).distinct().count() < LEAST_QUANTILES) {
            return Optional.empty(); // a line through two places fits whatever the unit
        }
        return Line.of(x, y)
                .flatMap(line -> line.unit(x[4] - x[0]))
                .map(unit ->
                        Finding.warning(
                                Check.UNIT,
                                feature.name(),
                                "the %,d rows newer than the champion's training data are distributed as that data %s"
                                        .formatted(now.count(), unit),
                                "the unit that the champion was trained on"));
    }

    /**
     * A straight line through pairs of quantiles.
     *
     * @param rest of the spread of y that it doesn't explain
     */
    private record Line(double slope, double offset, double rest) {
        static Optional<Line> of(double[] x, double[] y) {
            double meanX = Arrays.stream(x).average().orElseThrow();
            double meanY = Arrays.stream(y).average().orElseThrow();
            double xx = 0;
            double xy = 0;
            double yy = 0;
            for (int i = 0; i < x.length; i++) {
                xx += (x[i] - meanX) * (x[i] - meanX);
                xy += (x[i] - meanX) * (y[i] - meanY);
                yy += (y[i] - meanY) * (y[i] - meanY);
            }
            if (!(xx > 0) || !(yy > 0)) {
                return Optional.empty();
            }
            double slope = xy / xx;
            return Optional.of(new Line(slope, meanY - slope * meanX, 1 - xy * xy / xx / yy));
        }

        /** How the unit changed, if the line looks as if it did. */
        Optional<String> unit(double spread) {
            if (rest > CLOSE_FIT || slope <= 0) {
                return Optional.empty();
            }
            if (near(slope, FAHRENHEIT) && Math.abs(offset - 32) < 8) {
                return Optional.of("from Celsius to Fahrenheit");
            }
            if (near(slope, 1 / FAHRENHEIT) && Math.abs(offset + 32 / FAHRENHEIT) < 8) {
                return Optional.of("from Fahrenheit to Celsius");
            }
            boolean through = Math.abs(offset) < slope * spread / 4;
            for (double factor : FACTORS) {
                if (through && near(slope, factor)) {
                    return Optional.of("times %s".formatted(plain(factor)));
                }
                if (through && near(slope, 1 / factor)) {
                    return Optional.of("divided by %s".formatted(plain(factor)));
                }
            }
            if (near(slope, 1) && Math.abs(offset) > FAR * spread) {
                return Optional.of("shifted by %s".formatted(Words.number(offset)));
            }
            return Optional.empty();
        }
    }

    private static boolean near(double value, double expected) {
        return Math.abs(value / expected - 1) < NEAR;
    }

    private static String plain(double factor) {
        return factor == Math.rint(factor)
                ? "%,d".formatted((long) factor)
                : Double.toString(factor);
    }

    /** A part that is apart from the rest by a power of ten, and otherwise like it. */
    private static Optional<Finding> mixed(Subject subject, FeatureSpec feature) {
        double[] values = subject.table().number(feature.name()).values();
        int step = Math.max(1, values.length / MOST_ROWS);
        double[] sizes =
                IntStream.range(0, values.length / step)
                        .mapToDouble(i -> Math.abs(values[i * step]))
                        .filter(each -> each > 0)
                        .sorted()
                        .toArray();
        if (sizes.length < LEAST_ROWS) {
            return Optional.empty();
        }
        int cut = widest(sizes);
        int least = (int) Math.max(5, LEAST_PART * sizes.length);
        if (cut < least || sizes.length - cut < least) {
            return Optional.empty();
        }
        double[] low = Arrays.copyOf(sizes, cut);
        double[] high = Arrays.copyOfRange(sizes, cut, sizes.length);
        double ratio = median(high) / median(low);
        boolean alike =
                Math.abs(Math.log(spread(high) / spread(low))) < Math.log(2)
                        && distinct(high) > 4
                        && distinct(low) > 4;
        for (double factor : new double[] {100, 1e3, 1e6}) {
            if (alike && Math.abs(Math.log10(ratio / factor)) < 0.15) {
                boolean largeIsRare = high.length < low.length;
                double edge = sizes[cut];
                int[] rows =
                        IntStream.range(0, values.length)
                                .filter(row ->
                                        values[row] != 0
                                                && !Double.isNaN(values[row])
                                                && Math.abs(values[row]) >= edge == largeIsRare)
                                .toArray();
                return Optional.of(
                        Finding.warning(
                                        Check.UNIT,
                                        feature.name(),
                                        "%,d rows with values like the others %s %s, and none between"
                                                .formatted(
                                                        rows.length,
                                                        largeIsRare ? "times" : "divided by",
                                                        plain(factor)),
                                        "one unit for all rows")
                                .in(rows, values.length));
            }
        }
        return Optional.empty();
    }

    /** Where in sorted sizes the next is the most times as large. */
    private static int widest(double[] sizes) {
        int widest = 0;
        double most = 5; // at least so many times
        for (int i = 1; i < sizes.length; i++) {
            double ratio = sizes[i] / sizes[i - 1];
            if (ratio > most) {
                most = ratio;
                widest = i;
            }
        }
        return widest;
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static double spread(double[] sorted) {
        double low = sorted[sorted.length / 10];
        double high = sorted[sorted.length * 9 / 10];
        return Math.max(1e-6, high / low - 1);
    }

    private static long distinct(double[] sorted) {
        return Arrays.stream(sorted).distinct().limit(5).count();
    }
}

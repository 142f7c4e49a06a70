package dev.perennial.core.validation;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What data suggests that a spec should say of a column. A limit that holds is left as it is; what
 * is missing is proposed with room for what a few rows more will bring.
 *
 * @param present as the spec has it
 * @param proposed as the data has it; equal to {@code present} where nothing needs to change
 * @param reasons for each change
 */
public record Expectation(FeatureSpec present, FeatureSpec proposed, List<String> reasons) {
    /** So many values are listed; more are taken as they come. */
    private static final int MOST_VALUES = 20;

    /** A value that came less often may have others like it that didn't come. */
    private static final int LEAST_OF_A_VALUE = 5;

    /** From so many rows on, none missing means that none should be. */
    private static final int LEAST_ROWS = 1_000;

    /** Of the range, how much further a value may lie. */
    private static final double ROOM = 0.1;

    public Expectation {
        reasons = List.copyOf(reasons);
    }

    public boolean changes() {
        return !present.equals(proposed);
    }

    /**
     * Looks at columns.
     *
     * @param columns of a pipeline's data, or of a view
     * @param profile of data that is right
     */
    public static List<Expectation> of(List<? extends FeatureSpec> columns, TableProfile profile) {
        return columns.stream()
                .map(column -> of(column, profile.column(column.name()).orElseThrow()))
                .toList();
    }

    private static Expectation of(FeatureSpec present, ColumnProfile profile) {
        List<String> reasons = new ArrayList<>();
        double maxNulls = maxNulls(present, profile, reasons);
        FeatureSpec proposed =
                switch (present) {
                    case NumberFeature number ->
                            number(number, (NumberProfile) profile, maxNulls, reasons);
                    case CategoryFeature category ->
                            category(category, (CategoryProfile) profile, maxNulls, reasons);
                };
        return new Expectation(present, proposed, reasons);
    }

    private static double maxNulls(
            FeatureSpec present, ColumnProfile profile, List<String> reasons) {
        double share = profile.nullShare();
        boolean silent = present.maxNulls() >= 1;
        if (share > present.maxNulls() || (silent && profile.rows() > 0)) {
            double room =
                    share == 0 && profile.rows() >= LEAST_ROWS
                            ? 0
                            : Math.min(1, Math.ceil(share * 150 + 1) / 100);
            if (room < 1 || !silent) {
                reasons.add(Words.percent(share) + " missing");
                return room;
            }
        }
        return present.maxNulls();
    }

    private static NumberFeature number(
            NumberFeature present, NumberProfile profile, double maxNulls, List<String> reasons) {
        OptionalDouble min = present.min();
        OptionalDouble max = present.max();
        if (profile.count() > 0) {
            double room = ROOM * (profile.max() - profile.min());
            if (min.isEmpty() || profile.min() < min.getAsDouble()) {
                double bound =
                        profile.min() >= 0 ? 0 : round(profile.min() - room, RoundingMode.FLOOR);
                min = OptionalDouble.of(bound);
                reasons.add("smallest " + shown(present, profile.min()));
            }
            if (max.isEmpty() || profile.max() > max.getAsDouble()) {
                boolean share = profile.min() >= 0 && profile.max() <= 1 && profile.max() > 0.5;
                max =
                        OptionalDouble.of(
                                share ? 1 : round(profile.max() + room, RoundingMode.CEILING));
                reasons.add("largest " + shown(present, profile.max()));
            }
        }
        return new NumberFeature(present.name(), min, max, maxNulls, present.personal());
    }

    private static String shown(FeatureSpec feature, double value) {
        return feature.personal() ? "(personal)" : Words.number(value);
    }

    /** To two digits, outwards. */
    private static double round(double value, RoundingMode outwards) {
        return value == 0
                ? 0
                : new BigDecimal(value).round(new MathContext(2, outwards)).doubleValue();
    }

    private static CategoryFeature category(
            CategoryFeature present,
            CategoryProfile profile,
            double maxNulls,
            List<String> reasons) {
        List<String> values = present.values();
        List<Frequency> found = profile.top(MOST_VALUES + 1);
        boolean closed =
                !found.isEmpty()
                        && found.size() <= MOST_VALUES
                        && found.getLast().count() >= LEAST_OF_A_VALUE;
        if (values.isEmpty() && closed && !present.personal()) {
            values = found.stream().map(Frequency::value).sorted().toList();
            reasons.add("%d values".formatted(values.size()));
        } else if (!values.isEmpty()) {
            List<String> more =
                    found.stream()
                            .map(Frequency::value)
                            .filter(value -> !present.values().contains(value))
                            .sorted()
                            .toList();
            if (!more.isEmpty() && present.personal()) {
                reasons.add("%d others, which are personal".formatted(more.size()));
            } else if (!more.isEmpty()) {
                List<String> all = new ArrayList<>(values);
                all.addAll(more);
                values = all;
                reasons.add("also " + String.join(", ", more));
            }
        }
        return new CategoryFeature(present.name(), values, maxNulls, present.personal());
    }
}

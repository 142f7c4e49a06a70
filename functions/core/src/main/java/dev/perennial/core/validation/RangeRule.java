package dev.perennial.core.validation;

import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.FeatureSpec.NumberFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Numbers within the feature's min and max, and within what the model can hold. */
final class RangeRule implements Rule {
    /** Models take float32; what is larger would be infinite there. */
    static final double FLOAT32 = Float.MAX_VALUE;

    @Override
    public List<Finding> check(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        subject.features().stream()
                .filter(NumberFeature.class::isInstance)
                .map(NumberFeature.class::cast)
                .forEach(feature -> check(subject, feature, findings));
        return findings;
    }

    private static void check(Subject subject, NumberFeature feature, List<Finding> findings) {
        NumberProfile profile = subject.profile().number(feature.name()).orElseThrow();
        double low = Math.max(feature.min().orElse(-FLOAT32), -FLOAT32);
        double high = Math.min(feature.max().orElse(FLOAT32), FLOAT32);
        if (profile.count() == 0 || (profile.min() >= low && profile.max() <= high)) {
            return;
        }
        double[] values = subject.table().number(feature.name()).values();
        int[] rows =
                IntStream.range(0, values.length)
                        .filter(row -> values[row] < low || values[row] > high)
                        .toArray();
        String extreme = Double.toString(profile.min() < low ? profile.min() : profile.max());
        findings.add(
                Finding.error(
                                Check.RANGE,
                                feature.name(),
                                "%,d rows from %s on%s"
                                        .formatted(
                                                rows.length,
                                                subject.moment(rows[0]),
                                                feature.personal() ? "" : ", such as " + extreme),
                                "values from %s to %s".formatted(bound(low), bound(high)))
                        .in(rows, values.length));
    }

    private static String bound(double value) {
        return Math.abs(value) == FLOAT32
                ? value + " (float32, which the model computes in)"
                : Double.toString(value);
    }
}

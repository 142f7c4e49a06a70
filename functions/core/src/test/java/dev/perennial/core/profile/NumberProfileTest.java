package dev.perennial.core.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Reference;
import dev.perennial.core.metric.Reference.QuantileCase;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NumberProfileTest {
    /** Of rank, as the profile's documentation says. */
    private static final double DECLARED = 0.01;

    static Stream<QuantileCase> samples() {
        return Arrays.stream(Reference.read("quantiles", QuantileCase[].class));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void quantiles_areWithinTheDeclaredRankError(QuantileCase sample) {
        assertQuantiles(sample, of(sample.values()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void quantiles_ofTwentyMergedParts_areToo(QuantileCase sample) {
        int part = sample.values().length / 20;
        NumberProfile merged =
                Stream.iterate(0, from -> from + part)
                        .limit(20)
                        .map(from -> of(Arrays.copyOfRange(sample.values(), from, from + part)))
                        .reduce(NumberProfile::merge)
                        .orElseThrow();

        assertQuantiles(sample, merged);
        assertEquals(sample.mean(), merged.mean(), 1e-12 * Math.max(1, Math.abs(sample.mean())));
        assertEquals(sample.variance(), merged.variance(), 1e-11 * Math.max(1, sample.variance()));
        assertEquals(sample.distinct(), merged.distinct(), 0.05 * sample.distinct());
    }

    private static void assertQuantiles(QuantileCase sample, NumberProfile profile) {
        double[] sorted = sample.values().clone();
        Arrays.sort(sorted);
        for (int i = 0; i < sample.q().length; i++) {
            double q = sample.q()[i];
            double found = profile.quantile(q);
            double least = Math.max(0, q - DECLARED) * (sorted.length - 1);
            double most = Math.min(1, q + DECLARED) * (sorted.length - 1);
            assertTrue(
                    sorted[(int) Math.floor(least)] <= found
                            && found <= sorted[(int) Math.ceil(most)],
                    "quantile %s is %s, exactly %s".formatted(q, found, sample.quantiles()[i]));
        }
        assertEquals(sample.quantiles()[0], profile.quantile(0));
        assertEquals(sample.quantiles()[sample.q().length - 1], profile.quantile(1));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void moments_equalNumpys(QuantileCase sample) {
        NumberProfile profile = of(sample.values());

        assertEquals(sample.mean(), profile.mean(), 1e-12 * Math.max(1, Math.abs(sample.mean())));
        assertEquals(sample.variance(), profile.variance(), 1e-11 * Math.max(1, sample.variance()));
        assertEquals(sample.distinct(), profile.distinct(), 0.05 * sample.distinct());
    }

    @Test
    void shares_ofRanges_countWhatLiesInThem() {
        double[] uniform = new SplittableRandom(3).doubles(10_000).toArray();

        double[] shares = of(uniform).shares(new double[] {0.25, 0.75});

        assertArrayEquals(new double[] {0.25, 0.5, 0.25}, shares, 0.02);
    }

    @Test
    void histogram_countsAllValues_andHasOneBinForAConstant() {
        double[] bins = of(new double[] {0, 1, 1, 2, 2, 2, 10}).histogram(5);

        assertEquals(5, bins.length);
        assertEquals(7, Arrays.stream(bins).sum(), 1e-9);
        assertArrayEquals(new double[] {3}, of(new double[] {4, 4, 4}).histogram(5));
        assertArrayEquals(new double[] {0}, of(new double[0]).histogram(5));
        assertArrayEquals(new double[] {2}, of(new double[] {1, 2}).histogram(1), 1e-9);
    }

    @Test
    void quantile_withoutValues_saysWhichColumn() {
        assertEquals(
                "price has no value, so no quantile",
                assertThrows(IllegalStateException.class, () -> of(new double[0]).quantile(0.5))
                        .getMessage());
    }

    @Test
    void greatestNumbers_haveAHistogram_andReadBack() {
        NumberProfile profile = of(new double[] {-Double.MAX_VALUE, 0, Double.MAX_VALUE});
        TableProfile table = new TableProfile(3, List.of(profile), List.of(), List.of());

        assertEquals(3, Arrays.stream(profile.histogram(4)).sum(), 1e-9);
        assertArrayEquals(table.toJson(), TableProfile.fromJson(table.toJson()).toJson());
    }

    @Test
    void signedZeros_areOneValue() {
        NumberProfile profile = of(new double[] {0.0, -0.0, 1});

        assertEquals(2, profile.zeros());
        assertEquals(2, profile.distinct());
    }

    private static NumberProfile of(double[] values) {
        return NumberProfile.of(new NumberColumn("price", values));
    }
}

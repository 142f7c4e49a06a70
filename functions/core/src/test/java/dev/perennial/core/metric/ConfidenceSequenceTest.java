package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ConfidenceSequenceTest {
    private static final int MONTH = 720;

    private static long[] ones(int n) {
        return LongStream.range(0, n).map(_ -> 1).toArray();
    }

    /** Standard normal, each correlated with the one before. */
    private static double[] series(Random random, int n, double lasting, double shift) {
        double[] values = new double[n];
        double last = random.nextGaussian() / Math.sqrt(1 - lasting * lasting);
        for (int i = 0; i < n; i++) {
            last = lasting * last + random.nextGaussian();
            values[i] = shift + last;
        }
        return values;
    }

    @Test
    void bounds_areThoseOfThePaper_computedByNumPy() {
        int cases = 0;
        for (JsonNode each : Fixtures.read("metric/confidenceSequences.json")) {
            double[] sums =
                    each.get("sums").valueStream().mapToDouble(JsonNode::doubleValue).toArray();
            long[] rows = each.get("rows").valueStream().mapToLong(JsonNode::longValue).toArray();
            double confidence = each.get("confidence").doubleValue();

            Interval found =
                    ConfidenceSequence.of(
                                    sums, rows, confidence, each.get("tightest").doubleValue())
                            .orElseThrow();

            assertEquals(each.get("mean").doubleValue(), found.estimate(), 1e-12);
            assertEquals(each.get("low").doubleValue(), found.low(), 1e-9);
            assertEquals(each.get("high").doubleValue(), found.high(), 1e-9);
            assertEquals(1 - 2 * (1 - confidence), found.confidence(), 1e-12);
            cases++;
        }
        assertEquals(4, cases);
    }

    /**
     * A month of hours without any difference, looked at twice a day: how often a bound is crossed
     * at whichever look. 0.05 is declared, 2.33 standard errors of the count are allowed.
     */
    @ParameterizedTest
    @CsvSource({"0", "0.5", "0.8"})
    void noDifference_isTakenForOne_noMoreOftenThanDeclared(double lasting) {
        int months = 300;
        Random random = new Random(20261124);
        int wrong = 0;
        for (int month = 0; month < months; month++) {
            double[] hours = series(random, MONTH, lasting, 0);
            boolean crossed = false;
            for (int n = 24; n <= MONTH && !crossed; n += 12) {
                crossed =
                        ConfidenceSequence.of(Arrays.copyOf(hours, n), ones(n), 0.95, MONTH / 2.0)
                                .filter(bounds -> bounds.low() > 0)
                                .isPresent();
            }
            wrong += crossed ? 1 : 0;
        }

        assertTrue(
                wrong <= months * 0.05 + 2.33 * Math.sqrt(months * 0.05 * 0.95),
                wrong + " of " + months);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.3", "0.5, 0.6"})
    void difference_isFoundWithinTheMonth(double lasting, double shift) {
        Random random = new Random(7);
        int found = 0;
        for (int month = 0; month < 50; month++) {
            found +=
                    ConfidenceSequence.of(
                                            series(random, MONTH, lasting, shift),
                                            ones(MONTH),
                                            0.95,
                                            MONTH / 2.0)
                                    .filter(bounds -> bounds.low() > 0)
                                    .isPresent()
                            ? 1
                            : 0;
        }

        assertTrue(found >= 49, found + " of 50");
    }

    @Test
    void fewHours_orHoursThatNeverVary_sayNothing() {
        Random random = new Random(1);

        assertEquals(
                Optional.empty(),
                ConfidenceSequence.of(series(random, 14, 0, 3), ones(14), 0.95, 100));
        assertEquals(
                Optional.empty(), ConfidenceSequence.of(new double[100], ones(100), 0.95, 100));
        assertEquals(Optional.empty(), ConfidenceSequence.of(new double[0], ones(0), 0.95, 100));
        assertEquals(
                Optional.empty(),
                ConfidenceSequence.of(series(random, 100, 0.99, 3), ones(100), 0.95, 100),
                "hours that hang together are few");
    }
}

package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Predictions.ValuePredictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class BootstrapTest {
    /**
     * A percentile of R resamples has the standard error √(α(1−α)/R)/f, f the density there: for a
     * normal statistic and R = 10,000 at 2.5 % it is 0.027 σ = 0.0068 of the interval's width. Both
     * sides err, so 4 standard errors of the difference.
     */
    private static final double MONTE_CARLO_ERROR = 4 * Math.sqrt(2) * 0.0068;

    @TestFactory
    List<DynamicTest> independentRows_giveTheIntervalsOfScipy() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : Fixtures.read("bootstrap.json")) {
            String predictions = each.get("predictions").stringValue();
            Metric metric = Metric.named(each.get("metric").stringValue()).orElseThrow();
            tests.add(
                    DynamicTest.dynamicTest(
                            metric.key(),
                            () -> {
                                Predictions given = Fixtures.predictions(predictions);
                                Interval found =
                                        Bootstrap.of(given.rows(), 10_000, 1, 11)
                                                .interval(metric, given, 0.95)
                                                .orElseThrow();
                                double low = each.get("low").doubleValue();
                                double high = each.get("high").doubleValue();
                                double allowed = MONTE_CARLO_ERROR * (high - low);
                                assertEquals(low, found.low(), allowed);
                                assertEquals(high, found.high(), allowed);
                                assertEquals(
                                        metric.of(given).orElseThrow(), found.estimate(), 1e-15);
                            }));
        }
        assertEquals(5, tests.size());
        return tests;
    }

    @Test
    void sameSeed_givesTheSameBits_anotherSeedOthers() {
        Predictions given = Fixtures.predictions("binary");

        Optional<Interval> first = auc(given, 1);

        assertEquals(first, auc(given, 1));
        assertNotEquals(first, auc(given, 2));
    }

    private static Optional<Interval> auc(Predictions given, long seed) {
        return Bootstrap.of(given.rows(), 200, 5, seed).interval(Metric.AUC, given, 0.95);
    }

    @Test
    void improvement_isPositiveForTheBetterModel_whicheverWayTheMetricPoints() {
        Random random = new Random(5);
        double[] targets = noise(random, 500, 1);
        ValuePredictions good = off(targets, noise(random, 500, 0.2));
        ValuePredictions bad = off(targets, noise(random, 500, 0.6));
        Bootstrap bootstrap = Bootstrap.of(500, 500, 3, 1);

        for (Metric metric : Metric.of(Task.REGRESSION)) {
            Interval better = bootstrap.improvement(metric, good, bad, 0.9).orElseThrow();
            Interval worse = bootstrap.improvement(metric, bad, good, 0.9).orElseThrow();
            assertTrue(better.low() > 0, metric + " " + better);
            assertTrue(worse.high() < 0, metric + " " + worse);
            assertEquals(-better.estimate(), worse.estimate(), 1e-15);
        }
    }

    @Test
    void improvement_ofAModelOverItself_isExactlyZero_sinceResamplesArePaired() {
        Predictions given = Fixtures.predictions("binary");

        for (Metric metric : Metric.of(Task.BINARY)) {
            assertEquals(
                    new Interval(0, 0, 0, 0.9),
                    Bootstrap.of(given.rows(), 100, 4, 1)
                            .improvement(metric, given, given, 0.9)
                            .map(i ->
                                    new Interval(
                                            i.estimate() + 0.0, i.low() + 0.0, i.high() + 0.0, 0.9))
                            .orElseThrow());
        }
    }

    @Test
    void longerBlocks_widenTheIntervalOfAutocorrelatedErrors() {
        Random random = new Random(9);
        double[] errors = new double[1_000];
        for (int row = 1; row < errors.length; row++) {
            errors[row] = 0.95 * errors[row - 1] + random.nextGaussian();
        }
        ValuePredictions given = off(new double[errors.length], errors);

        double single = width(given, 1);
        double block = width(given, 50);

        assertTrue(block > 2 * single, block + " against " + single);
    }

    private static double width(ValuePredictions given, int block) {
        Interval found =
                Bootstrap.of(given.rows(), 500, block, 3)
                        .interval(Metric.MAE, given, 0.95)
                        .orElseThrow();
        return found.high() - found.low();
    }

    /**
     * 200 draws with a coverage of 0.95 lie between 181 and 198 with 99.9 % (binomial); the
     * percentile interval of 200 rows falls short of its level by about a hundredth, which the
     * lower bound of 180 leaves room for.
     */
    @Test
    void intervals_coverTheTruthAsOftenAsTheySay() {
        double truth = Math.sqrt(2 / Math.PI); // mean |error| of a standard normal
        int covered = 0;
        for (int draw = 0; draw < 200; draw++) {
            double[] errors = noise(new Random(1_000 + draw), 200, 1);
            Interval found =
                    Bootstrap.of(200, 400, 1, draw)
                            .interval(Metric.MAE, off(new double[200], errors), 0.95)
                            .orElseThrow();
            covered += found.low() <= truth && truth <= found.high() ? 1 : 0;
        }

        assertTrue(covered >= 180 && covered <= 198, "covered " + covered);
    }

    @Test
    void undefinedMetric_hasNoInterval() {
        assertEquals(
                Optional.empty(),
                Bootstrap.of(3, 50, 1, 1)
                        .interval(
                                Metric.AUC,
                                MetricTest.binary(new int[] {1, 1, 1}, 0.1, 0.2, 0.3),
                                0.95));
    }

    @Test
    void metricUndefinedInManyResamples_hasNoInterval() {
        // One of three rows is negative: almost a third of the resamples miss it.
        assertEquals(
                Optional.empty(),
                Bootstrap.of(3, 500, 1, 1)
                        .interval(
                                Metric.AUC,
                                MetricTest.binary(new int[] {1, 0, 1}, 0.1, 0.2, 0.3),
                                0.95));
    }

    @Test
    void noRows_haveNoInterval() {
        assertEquals(
                Optional.empty(),
                Bootstrap.of(0, 50, 7, 1)
                        .interval(Metric.ACCURACY, MetricTest.binary(new int[0]), 0.95));
    }

    @Test
    void blockAsLongAsTheTable_leavesOneResample() {
        Predictions given = Fixtures.predictions("regression");

        Interval found =
                Bootstrap.of(given.rows(), 20, 10_000, 1)
                        .interval(Metric.MAE, given, 0.95)
                        .orElseThrow();

        assertEquals(found.estimate(), found.low());
        assertEquals(found.estimate(), found.high());
    }

    private static ValuePredictions off(double[] targets, double[] errors) {
        double[] predicted = targets.clone();
        for (int row = 0; row < targets.length; row++) {
            predicted[row] += errors[row];
        }
        return new ValuePredictions(targets, predicted);
    }

    private static double[] noise(Random random, int rows, double deviation) {
        return Stream.generate(random::nextGaussian)
                .limit(rows)
                .mapToDouble(each -> each * deviation)
                .toArray();
    }
}

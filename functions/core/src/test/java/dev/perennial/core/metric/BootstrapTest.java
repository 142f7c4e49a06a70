package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        for (JsonNode each : Fixtures.read("metric/bootstrap.json")) {
            String predictions = each.get("predictions").stringValue();
            Metric metric = Metric.named(each.get("metric").stringValue()).orElseThrow();
            tests.add(
                    DynamicTest.dynamicTest(
                            metric.key(),
                            () -> {
                                Predictions given = Fixtures.predictions(predictions);
                                Interval found =
                                        Bootstrap.of(Blocks.ofRows(given.rows()), 10_000, 11)
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
        return Bootstrap.of(blocks(given.rows(), 5), 200, seed).interval(Metric.AUC, given, 0.95);
    }

    @Test
    void improvement_isPositiveForTheBetterModel_whicheverWayTheMetricPoints() {
        Random random = new Random(5);
        double[] targets = noise(random, 500, 1);
        ValuePredictions good = off(targets, noise(random, 500, 0.2));
        ValuePredictions bad = off(targets, noise(random, 500, 0.6));
        Bootstrap bootstrap = Bootstrap.of(blocks(500, 3), 500, 1);

        for (Metric metric : Metric.of(Task.REGRESSION)) {
            Improvement better = bootstrap.improvement(metric, good, bad, first(500)).orElseThrow();
            Improvement worse = bootstrap.improvement(metric, bad, good, first(500)).orElseThrow();
            assertTrue(better.atLeast(0.99) > 0, metric + " " + better);
            assertTrue(worse.atMost(0.99) < 0, metric + " " + worse);
            assertEquals(-better.estimate(), worse.estimate(), 1e-15);
            assertTrue(better.atLeast(0.9999) < better.atLeast(0.99), metric + " " + better);
        }
    }

    @Test
    void improvement_ofAModelOverItself_isExactlyZero_sinceResamplesArePaired() {
        Predictions given = Fixtures.predictions("binary");

        for (Metric metric : Metric.of(Task.BINARY)) {
            Improvement found =
                    Bootstrap.of(blocks(given.rows(), 4), 100, 1)
                            .improvement(metric, given, given, first(given.rows()))
                            .orElseThrow();
            assertEquals(0, found.estimate());
            assertEquals(0, found.atLeast(0.9999));
            assertEquals(0, found.atMost(0.9999));
        }
    }

    /** Of the mean of n independent rows, the standard error is s/√n and t has n − 1 degrees. */
    @Test
    void improvement_boundsAMeanAsStudentDoes() {
        double[] differences = noise(new Random(3), 12, 1);
        double mean = Arrays.stream(differences).average().orElseThrow();
        double deviation =
                Math.sqrt(Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum() / 11);
        ValuePredictions other =
                off(new double[12], Arrays.stream(differences).map(d -> d + 9).toArray());
        ValuePredictions candidate = off(new double[12], filled(12, 9));

        Improvement found =
                Bootstrap.of(Blocks.ofRows(12), 20_000, 4)
                        .improvement(Metric.MAE, candidate, other, first(12))
                        .orElseThrow();

        assertEquals(mean, found.estimate(), 1e-12);
        assertEquals(11, found.degreesOfFreedom());
        // The resamples' standard deviation itself errs by 1/√(2·20,000).
        assertEquals(deviation / Math.sqrt(12), found.standardError(), 0.02 * deviation);
        // SciPy: t.ppf(0.95, 11) and t.ppf(0.9999, 11).
        assertEquals(
                found.estimate() - 1.7958848 * found.standardError(), found.atLeast(0.95), 1e-6);
        assertEquals(
                found.estimate() + 5.4527621 * found.standardError(), found.atMost(0.9999), 1e-6);
    }

    /**
     * Two equal models, judged on moments that hit all entities alike and on errors that last: a
     * gate at 95 % passes one in twenty by chance. Of 200 draws, 19 or fewer are 99.5 % sure then
     * (binomial, 5 %); blocks of rows, as was, pass about every fourth.
     */
    @ParameterizedTest
    @CsvSource({"50, 100, 0", "400, 5, 0.7", "2000, 1, 0.8"})
    void equalModels_passAGateAsSeldomAsItsConfidenceSays(
            int moments, int entities, double lasting) {
        int passed = 0;
        for (int draw = 0; draw < 200; draw++) {
            Random random = new Random(draw);
            int rows = moments * entities;
            double[] shock = {0, 0};
            double[][] errors = new double[2][rows];
            long[] micros = new long[rows];
            for (int moment = 0; moment < moments; moment++) {
                for (int model = 0; model < 2; model++) {
                    shock[model] =
                            lasting * shock[model]
                                    + Math.sqrt(1 - lasting * lasting) * random.nextGaussian();
                    for (int entity = 0; entity < entities; entity++) {
                        int row = moment * entities + entity;
                        errors[model][row] = 5 + shock[model] + random.nextGaussian();
                        micros[row] = moment * 60_000_000L;
                    }
                }
            }
            ValuePredictions candidate = off(new double[rows], errors[0]);
            Blocks blocks = Blocks.of(micros, candidate.losses(), Duration.ZERO);
            double least =
                    Bootstrap.of(blocks, 200, draw)
                            .improvement(
                                    Metric.MAE,
                                    candidate,
                                    off(new double[rows], errors[1]),
                                    first(rows))
                            .orElseThrow()
                            .atLeast(0.95);
            passed += least > 0 ? 1 : 0;
        }

        assertTrue(passed <= 19, passed + " of 200 passed");
    }

    @Test
    void slice_isMeasuredOnItsRows_withTheBlocksItLiesIn() {
        double[] errors = noise(new Random(8), 300, 1);
        ValuePredictions candidate = off(new double[300], errors);
        ValuePredictions other = off(new double[300], noise(new Random(9), 300, 2));
        int[] rows = IntStream.range(0, 300).filter(row -> row % 100 < 40).toArray();

        Improvement found =
                Bootstrap.of(blocks(300, 20), 300, 1)
                        .improvement(Metric.MAE, candidate.select(rows), other.select(rows), rows)
                        .orElseThrow();

        assertEquals(5, found.degreesOfFreedom(), "6 of the 15 blocks");
        assertEquals(
                Metric.MAE.of(other.select(rows)).orElseThrow()
                        - Metric.MAE.of(candidate.select(rows)).orElseThrow(),
                found.estimate(),
                1e-12);
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
                Bootstrap.of(blocks(given.rows(), block), 500, 3)
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
                    Bootstrap.of(Blocks.ofRows(200), 400, draw)
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
                Bootstrap.of(Blocks.ofRows(3), 50, 1)
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
                Bootstrap.of(Blocks.ofRows(3), 500, 1)
                        .interval(
                                Metric.AUC,
                                MetricTest.binary(new int[] {1, 0, 1}, 0.1, 0.2, 0.3),
                                0.95));
    }

    @Test
    void noRows_haveNoInterval() {
        assertEquals(
                Optional.empty(),
                Bootstrap.of(Blocks.ofRows(0), 50, 1)
                        .interval(Metric.ACCURACY, MetricTest.binary(new int[0]), 0.95));
    }

    private static Blocks blocks(int rows, int length) {
        return new Blocks(first(rows + 1), length);
    }

    private static int[] first(int rows) {
        return IntStream.range(0, rows).toArray();
    }

    private static double[] filled(int rows, double value) {
        double[] values = new double[rows];
        Arrays.fill(values, value);
        return values;
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

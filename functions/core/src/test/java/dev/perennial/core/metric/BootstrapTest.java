package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.metric.Reference.BootstrapCase;
import dev.perennial.core.metric.Reference.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {
    private static final BootstrapCase SCIPY = Reference.read("bootstrap", BootstrapCase.class);

    @ParameterizedTest
    @ValueSource(strings = {"auc", "logLoss", "rmse"})
    void interval_ofIndependentRows_equalsScipy(String key) {
        Metric metric = Metric.named(key).orElseThrow();
        Limits expected = SCIPY.interval().get(key);

        Interval found =
                bootstrap(expected)
                        .interval(metric, ours(metric), expected.confidence())
                        .orElseThrow();

        assertWithinMonteCarlo(expected, found);
        assertEquals(metric.of(ours(metric)).orElseThrow(), found.estimate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auc", "logLoss", "rmse"})
    void improvement_isPaired_asScipys_andPositiveWhereBetter(String key) {
        Metric metric = Metric.named(key).orElseThrow();
        Limits expected = SCIPY.improvement().get(key);

        Interval found =
                bootstrap(expected)
                        .improvement(metric, ours(metric), theirs(metric), expected.confidence())
                        .orElseThrow();

        assertWithinMonteCarlo(expected, found);
        assertTrue(found.estimate() > 0);
    }

    private static Bootstrap bootstrap(Limits expected) {
        return Bootstrap.of(SCIPY.labels().length, expected.resamples(), 1, 7);
    }

    /** One run of ours against the mean of many of SciPy's: 5 deviations, so one in 10⁶ fails. */
    private static void assertWithinMonteCarlo(Limits expected, Interval found) {
        assertEquals(expected.low(), found.low(), 5 * expected.deviation());
        assertEquals(expected.high(), found.high(), 5 * expected.deviation());
    }

    @Test
    void sameSeed_givesSameIntervals_andAnotherSeedOthers() {
        Predictions predictions = ours(Metric.AUC);

        Optional<Interval> first =
                Bootstrap.of(predictions.rows(), 200, 5, 1).interval(Metric.AUC, predictions, 0.9);

        assertEquals(
                first,
                Bootstrap.of(predictions.rows(), 200, 5, 1).interval(Metric.AUC, predictions, 0.9));
        assertNotEquals(
                first,
                Bootstrap.of(predictions.rows(), 200, 5, 2).interval(Metric.AUC, predictions, 0.9));
    }

    @Test
    void model_againstItself_improvesByExactlyNothing() {
        Predictions same = ours(Metric.LOG_LOSS);

        Interval found =
                Bootstrap.of(same.rows(), 100, 10, 3)
                        .improvement(Metric.LOG_LOSS, same, same, 0.95)
                        .orElseThrow();

        assertEquals(new Interval(0, 0, 0, 0.95), found);
    }

    /**
     * The mean of an AR(1) series with coefficient ρ varies (1 + ρ) / (1 − ρ) times as much as that
     * of independent rows: for 0.8 its interval is 3 times as wide.
     */
    @Test
    void blocks_seeDependence_thatSingleRowsMiss() {
        int rows = 20_000;
        ValuePredictions dependent = autoregressive(rows, 0.8, new SplittableRandom(11));

        double single = width(Bootstrap.of(rows, 400, 1, 5), dependent);
        double blocks = width(Bootstrap.of(rows, 400, 100, 5), dependent);

        assertEquals(3, blocks / single, 0.45);
    }

    /**
     * Binomial bound: of 300 true intervals at 90 %, fewer than 252 or more than 288 happen once in
     * 1,000.
     */
    @Test
    void interval_coversTheTruth_asOftenAsDeclared() {
        SplittableRandom random = new SplittableRandom(23);
        int covered = 0;
        for (int draw = 0; draw < 300; draw++) {
            double[] predicted = random.doubles(400).map(p -> 2 * p).toArray();
            ValuePredictions sample = new ValuePredictions(new double[400], predicted);
            Interval found =
                    Bootstrap.of(400, 300, 1, draw).interval(Metric.MAE, sample, 0.9).orElseThrow();
            covered += found.low() <= 1 && 1 <= found.high() ? 1 : 0;
        }

        assertTrue(252 <= covered && covered <= 288, covered + " of 300");
    }

    @Test
    void metricUndefinedInManyResamples_hasNoInterval() {
        ClassPredictions onePositive =
                new ClassPredictions(
                        List.of("no", "yes"),
                        new int[] {0, 0, 0, 1},
                        new double[][] {{0.9, 0.1}, {0.8, 0.2}, {0.7, 0.3}, {0.1, 0.9}});
        Bootstrap bootstrap = Bootstrap.of(4, 200, 1, 1);

        assertEquals(Optional.empty(), bootstrap.interval(Metric.AUC, onePositive, 0.95));
        assertTrue(bootstrap.interval(Metric.BRIER, onePositive, 0.95).isPresent());
    }

    @Test
    void otherNumberOfRows_isRefused_insteadOfMeasuredInPart() {
        Predictions predictions = ours(Metric.AUC);
        Bootstrap shorter = Bootstrap.of(predictions.rows() - 1, 10, 1, 1);
        Bootstrap longer = Bootstrap.of(predictions.rows() + 1, 10, 1, 1);

        assertEquals(
                "250 predictions for resamples of 249 rows",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> shorter.interval(Metric.AUC, predictions, 0.9))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> longer.improvement(Metric.AUC, predictions, predictions, 0.9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 95, -0.5, Double.NaN})
    void confidenceThatIsNone_isRefused(double confidence) {
        Predictions predictions = ours(Metric.AUC);
        Bootstrap bootstrap = Bootstrap.of(predictions.rows(), 10, 1, 1);

        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> bootstrap.interval(Metric.AUC, predictions, confidence));

        assertEquals(
                "a confidence is at least 0 and below 1, such as 0.95, but is " + confidence,
                refused.getMessage());
    }

    /** A gate at 50 % one-sided asks for 2c − 1 = 0. */
    @Test
    void confidenceOfZero_putsBothLimitsOnTheMedian() {
        Predictions predictions = ours(Metric.AUC);

        Interval found =
                Bootstrap.of(predictions.rows(), 200, 1, 1)
                        .interval(Metric.AUC, predictions, 0)
                        .orElseThrow();

        assertEquals(found.low(), found.high());
        assertEquals(found.estimate(), found.low(), 0.01);
    }

    private static double width(Bootstrap bootstrap, ValuePredictions predictions) {
        Interval interval = bootstrap.interval(Metric.MAE, predictions, 0.95).orElseThrow();
        return interval.high() - interval.low();
    }

    private static ValuePredictions autoregressive(
            int rows, double coefficient, SplittableRandom random) {
        double[] errors = new double[rows];
        double last = 0;
        for (int row = 0; row < rows; row++) {
            last = coefficient * last + random.nextGaussian();
            errors[row] = 100 + last; // far from 0, so that the absolute error is linear in it
        }
        return new ValuePredictions(new double[rows], errors);
    }

    private static Predictions ours(Metric metric) {
        return metric == Metric.RMSE
                ? new ValuePredictions(SCIPY.targets(), SCIPY.predicted())
                : positives(SCIPY.ours());
    }

    private static Predictions theirs(Metric metric) {
        return metric == Metric.RMSE
                ? new ValuePredictions(SCIPY.targets(), SCIPY.further())
                : positives(SCIPY.theirs());
    }

    private static ClassPredictions positives(double[] positive) {
        return new ClassPredictions(
                List.of("no", "yes"),
                SCIPY.labels(),
                Arrays.stream(positive)
                        .mapToObj(p -> new double[] {1 - p, p})
                        .toArray(double[][]::new));
    }
}

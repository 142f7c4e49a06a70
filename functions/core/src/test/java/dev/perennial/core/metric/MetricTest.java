package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class MetricTest {
    private static final double TOLERANCE = 1e-12;

    @TestFactory
    List<DynamicTest> everyMetric_equalsScikitLearn() {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode cases = Fixtures.read("metric/predictions.json");
        for (String name : cases.propertyNames()) {
            Task task =
                    name.startsWith("binary")
                            ? Task.BINARY
                            : name.startsWith("multi") ? Task.MULTICLASS : Task.REGRESSION;
            for (Metric metric : Metric.of(task)) {
                tests.add(
                        DynamicTest.dynamicTest(
                                name + " " + metric.key(),
                                () -> {
                                    double expected =
                                            cases.get(name)
                                                    .get("expected")
                                                    .get(metric.key())
                                                    .doubleValue();
                                    double found =
                                            metric.of(Fixtures.predictions(name)).orElseThrow();
                                    assertEquals(
                                            expected,
                                            found,
                                            TOLERANCE * Math.max(1, Math.abs(expected)));
                                }));
            }
        }
        assertEquals(6 * 6 + 3 * 4, tests.size());
        return tests;
    }

    @Test
    void perfectPredictions_reachTheBestValue() {
        ClassPredictions perfect = binary(new int[] {0, 1, 0, 1}, 0, 1, 0, 1);

        assertEquals(1, Metric.AUC.of(perfect).orElseThrow());
        assertEquals(1, Metric.ACCURACY.of(perfect).orElseThrow());
        assertEquals(1, Metric.F1.of(perfect).orElseThrow());
        assertEquals(0, Metric.BRIER.of(perfect).orElseThrow());
        assertEquals(0, Metric.CALIBRATION_ERROR.of(perfect).orElseThrow());
        assertEquals(0, Metric.LOG_LOSS.of(perfect).orElseThrow(), 1e-15);
        ValuePredictions exact = new ValuePredictions(new double[] {1, 2}, new double[] {1, 2});
        assertEquals(1, Metric.R2.of(exact).orElseThrow());
        assertEquals(0, Metric.RMSE.of(exact).orElseThrow());
        assertEquals(0, Metric.MAE.of(exact).orElseThrow());
        assertEquals(0, Metric.PINBALL.of(exact).orElseThrow());
    }

    @Test
    void reversedPredictions_reachTheWorst_andStayFinite() {
        ClassPredictions reversed = binary(new int[] {0, 1, 0, 1}, 1, 0, 1, 0);

        assertEquals(0, Metric.AUC.of(reversed).orElseThrow());
        assertEquals(0, Metric.ACCURACY.of(reversed).orElseThrow());
        assertEquals(0, Metric.F1.of(reversed).orElseThrow());
        assertEquals(1, Metric.BRIER.of(reversed).orElseThrow());
        assertEquals(1, Metric.CALIBRATION_ERROR.of(reversed).orElseThrow());
        assertEquals(52 * Math.log(2), Metric.LOG_LOSS.of(reversed).orElseThrow(), 1e-12);
    }

    @Test
    void oneClassOnly_leavesAucUndefined_andTheOthersDefined() {
        ClassPredictions one = binary(new int[] {1, 1, 1}, 0.2, 0.6, 0.9);

        assertEquals(OptionalDouble.empty(), Metric.AUC.of(one));
        for (Metric metric : List.of(Metric.LOG_LOSS, Metric.BRIER, Metric.ACCURACY, Metric.F1)) {
            assertTrue(metric.of(one).isPresent(), metric.key());
        }
    }

    @Test
    void constantTargets_leaveR2Undefined() {
        assertEquals(
                OptionalDouble.empty(),
                Metric.R2.of(new ValuePredictions(new double[] {2, 2}, new double[] {1, 3})));
    }

    @Test
    void neitherCalledNorActuallyPositive_givesF1OfZero() {
        assertEquals(0, Metric.F1.of(binary(new int[] {0, 0}, 0.1, 0.2)).orElseThrow());
    }

    @Test
    void equallyProbableClasses_countTheFirst() {
        assertEquals(0.5, Metric.ACCURACY.of(binary(new int[] {0, 1}, 0.5, 0.5)).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void noRows_leaveEveryMetricUndefined(Metric metric) {
        Predictions none =
                metric.suits(Task.REGRESSION)
                        ? new ValuePredictions(new double[0], new double[0])
                        : binary(new int[0]);

        assertEquals(OptionalDouble.empty(), metric.of(none));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void metricOfTheOtherTask_isUndefined(Metric metric) {
        Predictions other =
                metric.suits(Task.REGRESSION)
                        ? binary(new int[] {0, 1}, 0.1, 0.9)
                        : new ValuePredictions(new double[] {1, 2}, new double[] {1, 2});

        assertEquals(OptionalDouble.empty(), metric.of(other));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void weights_countRowsAsIfRepeated_andOrderDoesNotMatter(Metric metric) {
        Predictions given =
                Fixtures.predictions(
                        metric.suits(Task.REGRESSION) ? "regressionTies" : "multiclassTies");
        SplittableRandom random = new SplittableRandom(3);
        for (int draw = 0; draw < 20; draw++) {
            int[] weights = random.ints(given.rows(), 0, 4).toArray();
            List<Integer> repeated = new ArrayList<>();
            for (int row = given.rows() - 1; row >= 0; row--) {
                for (int i = 0; i < weights[row]; i++) {
                    repeated.add(row);
                }
            }
            Predictions spelledOut =
                    given.select(repeated.stream().mapToInt(Integer::intValue).toArray());

            assertEquals(
                    metric.of(spelledOut).orElseThrow(),
                    Weighted.of(metric, given).apply(weights).orElseThrow(),
                    1e-12);
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void key_findsTheMetricAgain(Metric metric) {
        assertEquals(metric, Metric.named(metric.key()).orElseThrow());
        assertTrue(Metric.named(metric.key().toUpperCase(java.util.Locale.ROOT)).isEmpty());
    }

    @Test
    void malformedPredictions_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> binary(new int[] {2}, 0.5));
        assertThrows(IllegalArgumentException.class, () -> binary(new int[] {-1}, 0.5));
        assertThrows(IllegalArgumentException.class, () -> binary(new int[] {0}, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> binary(new int[] {0, 1}, 0.5));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new ClassPredictions(
                                List.of("a", "b"), new int[] {0}, new double[][] {{0.5, 0.6}}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ValuePredictions(new double[] {1}, new double[] {Double.NaN}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ValuePredictions(new double[] {1}, new double[] {1, 2}));
    }

    static ClassPredictions binary(int[] labels, double... positive) {
        double[][] probability = new double[positive.length][];
        for (int row = 0; row < positive.length; row++) {
            probability[row] = new double[] {1 - positive[row], positive[row]};
        }
        return new ClassPredictions(List.of("no", "yes"), labels, probability);
    }
}

package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.metric.Reference.ClassCase;
import dev.perennial.core.metric.Reference.ValueCase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTest {
    private static final double EXACT = 1e-12;
    private static final List<String> TWO = List.of("no", "yes");

    static Stream<ClassCase> binary() {
        return Arrays.stream(Reference.read("binary", ClassCase[].class));
    }

    static Stream<ClassCase> multiclass() {
        return Arrays.stream(Reference.read("multiclass", ClassCase[].class));
    }

    static Stream<ValueCase> regression() {
        return Arrays.stream(Reference.read("regression", ValueCase[].class));
    }

    @ParameterizedTest
    @MethodSource("binary")
    void binary_equalsScikitLearn(ClassCase reference) {
        assertMetrics(Task.BINARY, reference.predictions(), reference.expected());
    }

    @ParameterizedTest
    @MethodSource("multiclass")
    void multiclass_equalsScikitLearn(ClassCase reference) {
        assertMetrics(Task.MULTICLASS, reference.predictions(), reference.expected());
    }

    @ParameterizedTest
    @MethodSource("regression")
    void regression_equalsScikitLearn(ValueCase reference) {
        assertMetrics(Task.REGRESSION, reference.predictions(), reference.expected());
    }

    private static void assertMetrics(
            Task task, Predictions predictions, Map<String, Double> expected) {
        assertEquals(
                expected.keySet(), Set.copyOf(Metric.of(task).stream().map(Metric::key).toList()));
        expected.forEach((key, value) -> {
            double found = Metric.named(key).orElseThrow().of(predictions).orElseThrow();
            assertEquals(value, found, EXACT * Math.max(1, Math.abs(value)), key);
        });
    }

    @Test
    void auc_withOneClass_isUndefined_andOtherMetricsAreNot() {
        ClassPredictions onlyYes =
                new ClassPredictions(
                        TWO, new int[] {1, 1}, new double[][] {{0.2, 0.8}, {0.6, 0.4}});

        assertEquals(OptionalDouble.empty(), Metric.AUC.of(onlyYes));
        assertEquals(OptionalDouble.of(0.5), Metric.ACCURACY.of(onlyYes));
    }

    @Test
    void r2_ofConstantTargets_isUndefined() {
        assertEquals(
                OptionalDouble.empty(),
                Metric.R2.of(new ValuePredictions(new double[] {3, 3}, new double[] {3, 4})));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void noRows_isUndefined(Metric metric) {
        Predictions none =
                metric.suits(Task.REGRESSION)
                        ? new ValuePredictions(new double[0], new double[0])
                        : new ClassPredictions(TWO, new int[0], new double[0][]);

        assertEquals(OptionalDouble.empty(), metric.of(none));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void otherTask_isUndefined(Metric metric) {
        Predictions unsuited =
                metric.suits(Task.REGRESSION)
                        ? new ClassPredictions(TWO, new int[] {1}, new double[][] {{0, 1}})
                        : new ValuePredictions(new double[] {1}, new double[] {2});

        assertEquals(OptionalDouble.empty(), metric.of(unsuited));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void named_findsWhatKeySays(Metric metric) {
        assertEquals(Optional.of(metric), Metric.named(metric.key()));
    }

    @Test
    void named_unknown_isEmpty() {
        assertEquals(Optional.empty(), Metric.named("AUC"));
    }

    @Test
    void select_takesRowsInOrder_alsoTwice() {
        ValuePredictions chosen =
                new ValuePredictions(new double[] {1, 2, 3}, new double[] {4, 5, 6})
                        .select(new int[] {2, 0, 2});

        assertTrue(Arrays.equals(new double[] {3, 1, 3}, chosen.targets()));
        assertTrue(Arrays.equals(new double[] {6, 4, 6}, chosen.predicted()));
    }

    @Test
    void predictions_thatCannotBe_sayWhichRow() {
        IllegalArgumentException noShare =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new ClassPredictions(
                                        TWO, new int[] {0}, new double[][] {{Double.NaN, 1}}));
        IllegalArgumentException noLabel =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ClassPredictions(TWO, new int[] {2}, new double[][] {{0, 1}}));
        IllegalArgumentException noNumber =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ValuePredictions(new double[] {1}, new double[] {Double.NaN}));

        assertEquals("row 0: probabilities sum to NaN", noShare.getMessage());
        assertEquals("row 0: label 2 and 2 probabilities for 2 classes", noLabel.getMessage());
        assertEquals("row 0: target 1.0, predicted NaN", noNumber.getMessage());
    }

    @Test
    void reliabilityCurve_ofTwoClasses_looksAtThePositive_andLeavesEmptyBinsOut() {
        ClassPredictions predictions =
                new ClassPredictions(
                        TWO,
                        new int[] {0, 1, 1, 1},
                        new double[][] {{0.9, 0.1}, {0.8, 0.2}, {0.0, 1.0}, {0.25, 0.75}});

        assertEquals(
                List.of(
                        new ReliabilityBin(0.15000000000000002, 0.5, 2),
                        new ReliabilityBin(0.875, 1, 2)),
                ReliabilityCurve.of(predictions, 4));
    }
}

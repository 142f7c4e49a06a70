package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.Arrays;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reports the tables of {@code docs/drift.md}. */
class DesignEffectTest {
    private static final Measure STABILITY = new Measure.Stability();
    private static final int TRAINING = 6_000;
    private static final int SERIES = 250;
    private static final int WINDOWS = 5;

    @Test
    void independentRows_haveNearlyNone() {
        double sum = 0;
        for (int seed = 0; seed < 50; seed++) {
            DesignEffect effect = effect(Draws.normal(Draws.seeded(seed), TRAINING), 200);
            sum += effect.value();
            assertTrue(effect.value() < 1.25, effect.toString());
        }
        assertTrue(sum / 50 < 1.08, "mean " + sum / 50);
    }

    @Test
    void lastingRows_haveTheMeanOfTheirLongRunVariances() {
        double sum = 0;
        for (int seed = 0; seed < 50; seed++) {
            sum += effect(Draws.lasting(Draws.seeded(seed), 20_000, 0.5), 500).value();
        }
        // The k-th Hermite function of the values varies (1 + φᵏ) ÷ (1 − φᵏ) times as much: 3, 1.7,
        // 1.3, … in the mean of nine degrees 1.4, of which the smoothing takes a little.
        assertEquals(1.3, sum / 50, 0.1);
    }

    static Stream<Arguments> dependence() {
        return Stream.of(
                series("independent", 50, random -> Draws.normal(random, 2 * TRAINING)),
                series("independent", 300, random -> Draws.normal(random, 2 * TRAINING)),
                series("lasting .5", 200, random -> Draws.lasting(random, 2 * TRAINING, 0.5)),
                series("lasting .9", 200, random -> Draws.lasting(random, 2 * TRAINING, 0.9)),
                series("lasting .9", 2_000, random -> Draws.lasting(random, 2 * TRAINING, 0.9)),
                series("lasting .98", 200, random -> Draws.lasting(random, 2 * TRAINING, 0.98)),
                series("quarter of a cycle", 60, random -> Draws.daily(random, 2 * TRAINING, 240)),
                series("half a cycle", 120, random -> Draws.daily(random, 2 * TRAINING, 240)),
                series("a cycle", 240, random -> Draws.daily(random, 2 * TRAINING, 240)));
    }

    /**
     * Each series is one training and five windows after it, so that alarms come in groups; the
     * bound is that of series, each of which may have five.
     */
    @ParameterizedTest(name = "{0}, windows of {1}")
    @MethodSource("dependence")
    void noDrift_alarmsNoMoreOftenThanDeclared(
            String name, int window, Function<RandomGenerator, double[]> series) {
        int[] alarms = new int[2];
        double[] rates = {0.01, 0.001};
        int unaware = 0;
        int[] found = new int[3];
        double[] shifts = {0.25, 0.5, 1};
        double value = 0;
        double concentration = 0;
        for (int seed = 0; seed < SERIES; seed++) {
            double[] values = series.apply(Draws.seeded(seed));
            double[] training = Arrays.copyOf(values, TRAINING);
            NumberProfile reference = PopulationStabilityTest.numbers(training);
            DesignEffect effect = effect(training, window);
            value += effect.value() / SERIES;
            concentration += effect.concentration() / SERIES;
            for (int i = 0; i < WINDOWS; i++) {
                int from = TRAINING + 500 + i * (values.length - TRAINING - 500 - window) / WINDOWS;
                double[] live = Arrays.copyOfRange(values, from, from + window);
                NumberProfile profile = PopulationStabilityTest.numbers(live);
                for (int rate = 0; rate < rates.length; rate++) {
                    alarms[rate] += alarm(reference, profile, effect, rates[rate]);
                }
                unaware += alarm(reference, profile, DesignEffect.none(), rates[0]);
                if (i == 0) {
                    for (int shift = 0; shift < shifts.length; shift++) {
                        double by = shifts[shift];
                        found[shift] +=
                                alarm(
                                        reference,
                                        PopulationStabilityTest.numbers(
                                                Arrays.stream(live).map(x -> x + by).toArray()),
                                        effect,
                                        1e-4);
                    }
                }
            }
        }
        double trials = SERIES * WINDOWS;
        Draws.report(
                "| %s | %d | %.1f | %.2f | %.2f %% | %.2f %% | %.2f %% | %.0f %% | %.0f %% | %.0f %% |",
                name,
                window,
                value,
                concentration,
                100 * unaware / trials,
                100 * alarms[0] / trials,
                100 * alarms[1] / trials,
                100.0 * found[0] / SERIES,
                100.0 * found[1] / SERIES,
                100.0 * found[2] / SERIES);
        for (int rate = 0; rate < rates.length; rate++) {
            assertTrue(
                    alarms[rate] <= WINDOWS * Draws.most(SERIES, rates[rate]),
                    alarms[rate] + " alarms at " + rates[rate]);
        }
    }

    @Test
    void fewWindows_raiseTheThreshold() {
        DesignEffect many = new DesignEffect(3, 0.5, 4, 1_000, 100);
        DesignEffect few = new DesignEffect(3, 0.5, 4, 8, 100);

        double[] tenth = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100};
        BinnedSamples samples = new BinnedSamples(tenth, tenth);
        assertTrue(
                few.threshold(STABILITY, samples, 1e-3)
                        > 1.1 * many.threshold(STABILITY, samples, 1e-3));
        assertTrue(few.threshold(STABILITY, samples, 1e-12) < samples.highest());
    }

    @Test
    void longerWindow_isTakenToVaryAsMuch_shorterOneKeepsItsEffect() {
        DesignEffect effect = new DesignEffect(3, 0.5, 4, 10, 100);

        assertEquals(5, effect.at(200).value());
        assertEquals(effect, effect.at(50));
        assertEquals(DesignEffect.none(), DesignEffect.none().at(1_000));
    }

    @Test
    void effect_survivesAsJson() {
        DesignEffect effect = effect(Draws.lasting(Draws.seeded(1), 1_000, 0.9), 50);

        assertEquals(effect, Json.read("effect", Json.write(effect), DesignEffect.class));
        assertEquals(
                DesignEffect.none(),
                Json.read("effect", Json.write(DesignEffect.none()), DesignEffect.class));
    }

    @Test
    void tinyAndConstantColumns_haveNone_andSenselessValuesAreRefused() {
        assertEquals(DesignEffect.none(), effect(new double[] {1, 2, 3}, 10));
        assertEquals(1, effect(new double[1_000], 100).value());
        assertThrows(IllegalArgumentException.class, () -> effect(new double[100], 0));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        DesignEffect.of(
                                new NumberColumn("x", new double[] {1}),
                                PopulationStabilityTest.numbers(1, 2),
                                1));
        assertThrows(IllegalArgumentException.class, () -> new DesignEffect(0.9, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new DesignEffect(1, 0, 1, 1, 1));
    }

    private static Arguments series(
            String name, int window, Function<RandomGenerator, double[]> series) {
        return Arguments.of(name, window, series);
    }

    private static int alarm(
            NumberProfile reference, NumberProfile live, DesignEffect effect, double rate) {
        return PopulationStabilityTest.stability(reference, live, effect, rate).alarming() ? 1 : 0;
    }

    private static DesignEffect effect(double[] values, int window) {
        NumberColumn column = new NumberColumn("x", values);
        return DesignEffect.of(column, NumberProfile.of(column), window);
    }
}

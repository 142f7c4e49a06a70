package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.profile.NumberProfile;
import dev.perennial.core.table.Column.NumberColumn;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PopulationStabilityTest {
    private static NumberColumn normal(Random random, int rows, DoubleUnaryOperator change) {
        return new NumberColumn(
                "x",
                IntStream.range(0, rows)
                        .mapToDouble(_ -> change.applyAsDouble(random.nextGaussian()))
                        .toArray());
    }

    private static NumberProfile profile(NumberColumn column) {
        return NumberProfile.of(column);
    }

    @Test
    void sameSample_isZero() {
        NumberProfile sample = profile(normal(new Random(1), 5_000, x -> x));

        PopulationStability found = PopulationStability.of(sample, sample, 1, 0.01).orElseThrow();

        assertEquals(0, found.index(), 1e-12);
        assertTrue(found.threshold() > 0);
    }

    /** With 1,000 draws, more alarms than the binomial's 99.9 % bound would break the promise. */
    @ParameterizedTest
    @CsvSource({
        "50, 3000, 0.01",
        "50, 40000, 0.001",
        "200, 3000, 0.01",
        "1000, 3000, 0.01",
        "1000, 40000, 0.001",
        "20000, 40000, 0.01",
    })
    void noDrift_exceedsThreshold_noMoreOftenThanDeclared(
            int rows, int referenceRows, double falseAlarm) {
        int draws = 1_000;
        int alarms = 0;
        for (int seed = 0; seed < draws; seed++) {
            Random random = new Random(seed);
            PopulationStability found =
                    PopulationStability.of(
                                    profile(normal(random, referenceRows, x -> x)),
                                    profile(normal(random, rows, x -> x)),
                                    1,
                                    falseAlarm)
                            .orElseThrow();
            alarms += found.index() > found.threshold() ? 1 : 0;
        }

        int bound = BinomialDistribution.of(draws, falseAlarm).inverseSurvivalProbability(0.001);
        assertTrue(
                alarms <= bound,
                "%d alarms of %d rows at %s, at most %d"
                        .formatted(alarms, rows, falseAlarm, bound));
    }

    @ParameterizedTest
    @CsvSource({"200, 0.6", "1000, 0.3", "20000, 0.08"})
    void shiftOfTheMean_isFound(int rows, double shift) {
        int found = 0;
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            PopulationStability each =
                    PopulationStability.of(
                                    profile(normal(random, 20_000, x -> x)),
                                    profile(normal(random, rows, x -> x + shift)),
                                    1,
                                    1e-4)
                            .orElseThrow();
            found += each.index() > each.threshold() ? 1 : 0;
        }

        assertTrue(found >= 45, found + " of 50");
    }

    /** A season longer than the window, and values that last: windows vary more than rows do. */
    @ParameterizedTest
    @CsvSource({"0.9, 0", "0.98, 0", "0, 1", "0.7, 1"})
    void dependentRows_raiseNoMoreAlarms_withTheirDesignEffect(double lasting, double season) {
        int rows = 9_600;
        int window = 336;
        int alarms = 0;
        int draws = 200;
        double falseAlarm = 0.01;
        for (int seed = 0; seed < draws; seed++) {
            double[] series = series(new Random(seed), rows + window, lasting, season);
            NumberColumn trained = new NumberColumn("x", Arrays.copyOf(series, rows));
            NumberProfile reference = profile(trained);
            double effect = DesignEffect.of(trained, reference, window);
            PopulationStability found =
                    PopulationStability.of(
                                    reference,
                                    profile(
                                            new NumberColumn(
                                                    "x",
                                                    Arrays.copyOfRange(
                                                            series, rows, rows + window))),
                                    effect,
                                    falseAlarm)
                            .orElseThrow();
            alarms += found.index() > found.threshold() ? 1 : 0;
        }

        int bound = BinomialDistribution.of(draws, falseAlarm).inverseSurvivalProbability(0.001);
        assertTrue(
                alarms <= bound,
                "%d alarms of %d rows at %s, at most %d"
                        .formatted(alarms, rows, falseAlarm, bound));
    }

    /** AR(1) around a yearly wave whose period is ten windows. */
    private static double[] series(Random random, int rows, double lasting, double season) {
        double[] series = new double[rows];
        double state = 0;
        for (int i = 0; i < rows; i++) {
            state = lasting * state + Math.sqrt(1 - lasting * lasting) * random.nextGaussian();
            series[i] = state + season * Math.sin(2 * Math.PI * i / 3_200);
        }
        return series;
    }

    @Test
    void independentRows_haveADesignEffectNearOne() {
        NumberColumn column = normal(new Random(3), 20_000, x -> x);

        assertEquals(1, DesignEffect.of(column, profile(column), 500), 0.25);
    }
}

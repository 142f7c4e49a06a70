package dev.perennial.core.drift;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.drift.ErrorThreshold.Tested;
import java.util.Random;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorThresholdTest {
    private static final double RISE = 0.05;

    /** A stream of errors in runs: each error follows the one before with some probability. */
    private static double[] errors(Random random, int rows, double rate, double lasting) {
        double[] errors = new double[rows];
        boolean wrong = random.nextDouble() < rate;
        for (int i = 0; i < rows; i++) {
            if (random.nextDouble() >= lasting) {
                wrong = random.nextDouble() < rate;
            }
            errors[i] = wrong ? 1 : 0;
        }
        return errors;
    }

    /** The design effect of such a stream is (1 + ρ)/(1 − ρ). */
    private static Tested tested(Random random, double rate, double lasting, int rows) {
        double[] test = errors(random, rows, rate, lasting);
        double mean = 0;
        for (double each : test) {
            mean += each / rows;
        }
        return Tested.ofErrors(mean, rows, (1 + lasting) / (1 - lasting));
    }

    private static int alarms(PageHinkley.Settings settings, Tested tested, double[] errors) {
        PageHinkley detector = PageHinkley.start(settings, tested.reference());
        int alarms = 0;
        for (double error : errors) {
            detector = detector.update(error);
            alarms += detector.alarm() ? 1 : 0;
        }
        return alarms;
    }

    @ParameterizedTest
    @CsvSource({
        "0.2, 0,   240,  1344, 0.5",
        "0.2, 0,   2000, 1344, 0.5",
        "0.2, 0.6, 240,  1344, 0.5",
        "0.05, 0,  500,  5000, 0.1",
        "0.3, 0.3, 1000, 20000, 0.5",
    })
    void streamWithoutChange_alarmsNoMoreOftenThanDeclared(
            double rate, double lasting, int testRows, int perPeriod, double declared) {
        int streams = 80;
        int found = 0;
        for (int seed = 0; seed < streams; seed++) {
            Random random = new Random(seed);
            Tested tested = tested(random, rate, lasting, testRows);
            PageHinkley.Settings settings =
                    ErrorThreshold.settings(tested, RISE, declared, perPeriod);
            found += alarms(settings, tested, errors(random, perPeriod, rate, lasting));
        }

        int bound = PoissonDistribution.of(streams * declared).inverseSurvivalProbability(0.001);
        assertTrue(found <= bound, found + " alarms, at most " + bound);
    }

    @ParameterizedTest
    @CsvSource({"0.10, 700", "0.20, 250"})
    void rise_isFoundInTime(double rise, int delay) {
        int intime = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Tested tested = tested(random, 0.2, 0, 1_000);
            PageHinkley.Settings settings = ErrorThreshold.settings(tested, RISE, 0.5, 1_344);
            intime += alarms(settings, tested, errors(random, delay, 0.2 + rise, 0)) > 0 ? 1 : 0;
        }

        assertTrue(intime >= 36, intime + " of 40");
    }
}

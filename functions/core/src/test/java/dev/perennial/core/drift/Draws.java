package dev.perennial.core.drift;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** Seeded samples, and how often an event of known probability may happen among them. */
final class Draws {
    private static final double SURELY = 1e-4;

    private Draws() {}

    static RandomGenerator seeded(long seed) {
        return new SplittableRandom(seed);
    }

    /** The most events among {@code trials} that chance allows, at a probability of 1e-4. */
    static int most(int trials, double probability) {
        return BinomialDistribution.of(trials, probability).inverseSurvivalProbability(SURELY);
    }

    /** Prints a table's row, for {@code docs/drift.md}. */
    static void report(String row, Object... values) {
        System.out.printf(Locale.ROOT, row + "%n", values);
    }

    static double[] normal(RandomGenerator random, int rows) {
        double[] values = new double[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** Autoregressive of order 1, variance 1. */
    static double[] lasting(RandomGenerator random, int rows, double correlation) {
        double[] values = new double[rows];
        double value = random.nextGaussian();
        for (int i = 0; i < rows; i++) {
            values[i] = value;
            value =
                    correlation * value
                            + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
        }
        return values;
    }

    /** A sine as large as the noise on it. */
    static double[] daily(RandomGenerator random, int rows, int day) {
        double[] values = new double[rows];
        int start = random.nextInt(day);
        for (int i = 0; i < rows; i++) {
            values[i] = Math.sin(2 * Math.PI * (start + i) / day) + random.nextGaussian();
        }
        return values;
    }

    /** Errors that last: a wrong prediction is followed by a wrong one more often than chance. */
    static double[] lastingErrors(
            RandomGenerator random, int rows, double rate, double correlation) {
        double[] errors = new double[rows];
        boolean error = random.nextDouble() < rate;
        for (int i = 0; i < rows; i++) {
            errors[i] = error ? 1 : 0;
            error = random.nextDouble() < correlation ? error : random.nextDouble() < rate;
        }
        return errors;
    }
}

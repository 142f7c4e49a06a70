package dev.perennial.core.retrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AgingTest {
    /** Probes in each period, runs never: evidence as it is after 100 periods. */
    private static SimulatedStream looked(SimulatedStream stream) {
        for (int period = 0; period < 100; period++) {
            stream.follow(new Advice(false, 0, period > 0, OptionalDouble.empty(), "looks"));
        }
        return stream;
    }

    @Test
    void aWalksVariance_isFound_throughNoise() {
        double perPeriod = 1e-4;
        double mean =
                LongStream.range(0, 40)
                        .mapToDouble(seed -> {
                            double[] walk = walk(seed, perPeriod);
                            return Aging.of(
                                            looked(
                                                    new SimulatedStream(
                                                            0.1,
                                                            0.01,
                                                            seed,
                                                            (model, period) ->
                                                                    walk[period] - walk[model])))
                                    .perPeriod();
                        })
                        .average()
                        .orElseThrow();

        // shrunk by 0.4 standard errors: one walk of 100 steps tells its variance to about a half
        assertEquals(perPeriod, mean, 0.5 * perPeriod);
    }

    private static double[] walk(long seed, double perPeriod) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] walk = new double[102];
        for (int period = 1; period < walk.length; period++) {
            walk[period] = walk[period - 1] + Math.sqrt(perPeriod) * random.nextGaussian();
        }
        return walk;
    }

    @Test
    void noiseAlone_isHardlyAnyAging() {
        double mean =
                LongStream.range(0, 40)
                        .mapToDouble(seed ->
                                Aging.of(
                                                looked(
                                                        new SimulatedStream(
                                                                0.1, 0.02, seed, (_, _) -> 0.2)))
                                        .perPeriod())
                        .average()
                        .orElseThrow();

        assertTrue(mean < 1e-6, "variance per period: " + mean);
    }

    @Test
    void nothingToCompare_isNone() {
        assertEquals(new Aging(0, 0), Aging.of(new SimulatedStream(0.1, 0.01, 1, (_, _) -> 0.1)));
    }
}

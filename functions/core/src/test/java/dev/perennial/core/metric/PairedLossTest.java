package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.metric.Predictions.ClassPredictions;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PairedLossTest {
    private static final List<String> CLASSES = List.of("no", "yes");

    private static PairedLoss loss(int rows) {
        return new PairedLoss(
                Task.BINARY,
                LongStream.range(0, rows).map(row -> row * 60_000_000L).toArray(),
                Duration.ZERO,
                7);
    }

    /** The true log odds of each row are normal, and a model sees them through noise. */
    private static ClassPredictions predictions(long rows, long model, int count, double noise) {
        SplittableRandom truth = new SplittableRandom(rows);
        SplittableRandom own = new SplittableRandom(model);
        int[] labels = new int[count];
        double[][] probability = new double[count][];
        for (int row = 0; row < count; row++) {
            double odds = 1.5 * truth.nextGaussian();
            labels[row] = truth.nextDouble() < sigmoid(odds) ? 1 : 0;
            double p = sigmoid(odds + noise * own.nextGaussian());
            probability[row] = new double[] {1 - p, p};
        }
        return new ClassPredictions(CLASSES, labels, probability);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void modelsAsGoodAsEachOther_areTakenForUnequal_noMoreOftenThanPromised() {
        int less = 0;
        for (int seed = 0; seed < 300; seed++) {
            less +=
                    loss(400)
                                    .isLess(
                                            predictions(seed, 1_000 + seed, 400, 0.8),
                                            predictions(seed, 2_000 + seed, 400, 0.8),
                                            0.95)
                            ? 1
                            : 0;
        }

        assertTrue(less <= 28, less + " of 300, where 15 are promised and 28 are chance");
        assertTrue(less > 2, less + " of 300: it has to be able to tell");
    }

    @Test
    void modelThatIsBetter_isTold_andNotTheOtherWayRound() {
        ClassPredictions better = predictions(3, 4, 2_000, 0.2);
        ClassPredictions worse = predictions(3, 5, 2_000, 1.5);

        assertTrue(loss(2_000).isLess(better, worse, 0.975));
        assertFalse(loss(2_000).isLess(worse, better, 0.975));
        assertFalse(loss(2_000).isLess(better, better, 0.5), "as good is not less");
    }

    @Test
    void tooFewRows_tellNothing() {
        int[] first = IntStream.range(0, 1).toArray();

        assertFalse(
                loss(1).isLess(
                                predictions(3, 4, 20, 0.1).select(first),
                                predictions(3, 5, 20, 3).select(first),
                                0.5));
    }
}

package dev.perennial.core.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CentroidsTest {
    /** Few distinct values, so that digests of many rows hold equal means with several weights. */
    private static Centroids sample(SplittableRandom random) {
        int distinct = random.nextInt(1, 400);
        return Centroids.of(
                random.doubles(random.nextInt(0, 3_000))
                        .map(value -> Math.floor(value * distinct) / distinct - 0.5)
                        .sorted()
                        .toArray());
    }

    @Test
    void merge_isTheSameInEitherOrder_alsoWithTies() {
        SplittableRandom random = new SplittableRandom(11);
        for (int draw = 0; draw < 300; draw++) {
            Centroids a = sample(random);
            Centroids b = sample(random).merge(sample(random));

            assertArrayEquals(a.merge(b).toBytes(), b.merge(a).toBytes());
        }
    }

    @Test
    void merge_keepsEveryValue_inOrder() {
        SplittableRandom random = new SplittableRandom(12);
        for (int draw = 0; draw < 300; draw++) {
            Centroids a = sample(random);
            Centroids b = sample(random);

            Centroids both = a.merge(b);

            assertEquals(
                    Arrays.stream(a.weights()).sum() + Arrays.stream(b.weights()).sum(),
                    Arrays.stream(both.weights()).sum());
            assertArrayEquals(Arrays.stream(both.means()).sorted().toArray(), both.means());
        }
    }

    @Test
    void of_meansLieBetweenTheirValues_whereTheirSumOverflowsOrRounds() {
        double[] huge = new double[3_000];
        Arrays.fill(huge, 0, 1_501, Double.MAX_VALUE / 2);
        Arrays.fill(huge, 1_501, huge.length, Double.MAX_VALUE);
        double[] tenths = new double[3_000];
        Arrays.fill(tenths, 0.1);

        Centroids ofHuge = Centroids.of(huge);
        double[] means = Arrays.stream(ofHuge.means()).distinct().toArray();
        assertEquals(3, means.length, "a centroid holds both");
        assertTrue(means[1] > means[0] && means[1] < means[2], () -> Arrays.toString(means));
        assertEquals(huge.length, Arrays.stream(ofHuge.weights()).sum());
        assertArrayEquals(
                new double[] {0.1},
                Arrays.stream(Centroids.of(tenths).means()).distinct().toArray());
    }
}

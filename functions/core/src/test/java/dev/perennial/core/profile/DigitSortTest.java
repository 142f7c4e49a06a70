package dev.perennial.core.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitSortTest {
    private static void assertSorted(double[] values) {
        double[] expected = values.clone();
        Arrays.sort(expected);

        DigitSort.sort(values);

        assertArrayEquals(bits(expected), bits(values));
    }

    /** −0 equals 0, its bits don't. */
    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1_999, 2_000, 2_001, 20_000})
    void sort_isThatOfTheJdk_whateverTheBits(int count) {
        SplittableRandom random = new SplittableRandom(count);

        assertSorted(
                random.longs()
                        .mapToDouble(Double::longBitsToDouble)
                        .filter(value -> !Double.isNaN(value))
                        .limit(count)
                        .toArray());
    }

    @Test
    void sort_ofValuesThatDifferInFewDigits() {
        SplittableRandom random = new SplittableRandom(1);
        double[] extremes = {
            0.0,
            -0.0,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1,
            Math.nextUp(1)
        };

        assertSorted(
                random.ints(5_000, 0, extremes.length).mapToDouble(i -> extremes[i]).toArray());
        assertSorted(random.doubles(5_000, 1e15, 1e15 + 9).toArray());
        assertSorted(random.ints(5_000, -40, 40).mapToDouble(i -> i).toArray());
        assertSorted(new double[5_000]);
        assertSorted(IntStream.range(0, 5_000).mapToDouble(i -> i - 2_500).toArray());
        assertSorted(IntStream.range(0, 5_000).mapToDouble(i -> 2_500 - i).toArray());
    }
}

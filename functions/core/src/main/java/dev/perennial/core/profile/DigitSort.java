package dev.perennial.core.profile;

import java.util.Arrays;

/**
 * Sorts numbers digit by digit, from the least significant on (Knuth, The Art of Computer
 * Programming 3, 5.2.5): less than half the time of comparisons where they come in no order.
 */
final class DigitSort {
    private static final int BITS = 11;
    private static final int DIGITS = 6; // of 11 bits: 64 and two more
    private static final int VALUES = 1 << BITS;

    /** Below, counting costs more than it saves. */
    private static final int FEW = 2_000;

    private DigitSort() {}

    /**
     * Sorts ascending, −0 before 0, as {@link Arrays#sort(double[])} does.
     *
     * @param values not NaN
     */
    static void sort(double[] values) {
        if (values.length < FEW) {
            Arrays.sort(values);
            return;
        }
        long[] keys = new long[values.length];
        int[][] counts = new int[DIGITS][VALUES];
        boolean isAscending = true;
        for (int i = 0; i < keys.length; i++) {
            long key = ordered(Double.doubleToRawLongBits(values[i]));
            isAscending &= i == 0 || Long.compareUnsigned(keys[i - 1], key) <= 0;
            keys[i] = key;
            for (int digit = 0; digit < DIGITS; digit++) {
                counts[digit][at(key, digit)]++;
            }
        }
        if (isAscending) {
            return;
        }
        long[] other = new long[keys.length];
        for (int digit = 0; digit < DIGITS; digit++) {
            if (counts[digit][at(keys[0], digit)] == keys.length) {
                continue; // all have the same
            }
            int[] places = startsOf(counts[digit]);
            for (long key : keys) {
                other[places[at(key, digit)]++] = key;
            }
            long[] sorted = other;
            other = keys;
            keys = sorted;
        }
        for (int i = 0; i < keys.length; i++) {
            values[i] = Double.longBitsToDouble(bits(keys[i]));
        }
    }

    private static int at(long key, int digit) {
        return (int) (key >>> (digit * BITS)) & (VALUES - 1);
    }

    private static int[] startsOf(int[] counts) {
        int[] starts = new int[counts.length];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + counts[i - 1];
        }
        return starts;
    }

    /**
     * In the order of unsigned integers: positive numbers above negative ones, and those turned.
     */
    private static long ordered(long bits) {
        return bits ^ ((bits >> 63) | Long.MIN_VALUE);
    }

    private static long bits(long ordered) {
        return ordered ^ ((~ordered >> 63) | Long.MIN_VALUE);
    }
}

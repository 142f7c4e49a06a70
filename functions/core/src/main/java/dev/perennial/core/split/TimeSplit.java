package dev.perennial.core.split;

import dev.perennial.core.spec.SplitSpec;
import java.time.Duration;
import java.util.Arrays;

/**
 * Rows of a time-sorted table in three parts: [0, validation) trains, [validation, test) validates,
 * [test, rows) tests.
 *
 * @param validation first row of the validation part
 * @param test first row of the test part
 * @param rows all rows
 */
public record TimeSplit(int validation, int test, int rows) {
    public TimeSplit {
        if (validation < 0 || test < validation || rows < test) {
            throw new IllegalArgumentException(
                    "split at %d and %d of %d rows".formatted(validation, test, rows));
        }
    }

    /**
     * Splits by the distance to the newest row: rows of one moment stay together.
     *
     * @param micros event times in ascending order
     */
    public static TimeSplit of(long[] micros, SplitSpec spec) {
        if (micros.length == 0) {
            return new TimeSplit(0, 0, 0);
        }
        long end = micros[micros.length - 1] + 1;
        int test = firstNotBefore(micros, end - micros(spec.test()));
        int validation =
                firstNotBefore(micros, end - micros(spec.test()) - micros(spec.validation()));
        return new TimeSplit(validation, test, micros.length);
    }

    public int trainRows() {
        return validation;
    }

    public int validationRows() {
        return test - validation;
    }

    public int testRows() {
        return rows - test;
    }

    private static int firstNotBefore(long[] micros, long moment) {
        int found = Arrays.binarySearch(micros, moment);
        int index = found < 0 ? -found - 1 : found;
        while (index > 0 && micros[index - 1] >= moment) {
            index--;
        }
        return index;
    }

    private static long micros(Duration duration) {
        return Math.multiplyExact(duration.toSeconds(), 1_000_000L);
    }
}

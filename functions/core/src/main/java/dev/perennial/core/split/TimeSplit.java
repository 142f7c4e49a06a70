package dev.perennial.core.split;

import dev.perennial.core.spec.SplitSpec;
import dev.perennial.core.table.EventTime;
import java.time.Duration;

/**
 * Rows of a time-sorted table in three parts: [0, trainEnd) trains, [validation, validationEnd)
 * validates, [test, rows) tests. The rows between the parts are left out: a label that takes its
 * time isn't known yet when the next part begins, and no training in production would have it.
 *
 * @param trainEnd first row that doesn't train
 * @param validation first row of the validation part
 * @param validationEnd first row that doesn't validate
 * @param test first row of the test part
 * @param rows all rows
 */
public record TimeSplit(int trainEnd, int validation, int validationEnd, int test, int rows) {
    public TimeSplit {
        if (trainEnd < 0
                || validation < trainEnd
                || validationEnd < validation
                || test < validationEnd
                || rows < test) {
            throw new IllegalArgumentException(
                    "parts end or begin at %d, %d, %d, %d of %d rows"
                            .formatted(trainEnd, validation, validationEnd, test, rows));
        }
    }

    /**
     * Splits by the distance to the newest row: rows of one moment stay together.
     *
     * @param micros event times in ascending order
     * @param delay how long after its row a label becomes known
     */
    public static TimeSplit of(long[] micros, SplitSpec spec, Duration delay) {
        if (micros.length == 0) {
            return new TimeSplit(0, 0, 0, 0, 0);
        }
        long end = micros[micros.length - 1] + 1;
        int test = EventTime.firstNotBefore(micros, end - EventTime.micros(spec.test()));
        int validation =
                EventTime.firstNotBefore(
                        micros,
                        end - EventTime.micros(spec.test()) - EventTime.micros(spec.validation()));
        return new TimeSplit(
                firstUnknown(micros, validation, delay),
                validation,
                Math.max(validation, firstUnknown(micros, test, delay)),
                test,
                micros.length);
    }

    public int trainRows() {
        return trainEnd;
    }

    public int validationRows() {
        return validationEnd - validation;
    }

    public int testRows() {
        return rows - test;
    }

    /** Rows left out between the parts. */
    public int gapRows() {
        return rows - trainRows() - validationRows() - testRows();
    }

    /** The first row whose label isn't known at the moment of the given row, the part's first. */
    private static int firstUnknown(long[] micros, int part, Duration delay) {
        return part == micros.length
                ? part
                : Math.min(
                        part,
                        EventTime.firstNotBefore(
                                micros, micros[part] - EventTime.micros(delay) + 1));
    }
}

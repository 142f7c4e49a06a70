package dev.perennial.core.monitor;

import java.time.LocalDate;

/**
 * How a version did in each of its {@link dev.perennial.core.evaluation.Slices} on the answers
 * whose labels came on one day.
 *
 * @param labelled by slice
 * @param errors sum of {@link Outcome#error} by slice
 */
public record SliceDay(LocalDate day, int version, long[] labelled, double[] errors) {
    static SliceDay none(LocalDate day, int version, int slices) {
        return new SliceDay(day, version, new long[slices], new double[slices]);
    }

    /** One that can be added to, and leaves this as it is. */
    SliceDay copy() {
        return new SliceDay(day, version, labelled.clone(), errors.clone());
    }

    /** Adds an outcome in place. */
    void add(Outcome outcome) {
        for (int slice : outcome.slices()) {
            labelled[slice]++;
            errors[slice] += outcome.error();
        }
    }
}

package dev.perennial.core.monitor;

import java.time.LocalDate;

/**
 * How a version did in each of its {@link dev.perennial.core.evaluation.Slices} on the answers of
 * one day whose labels have come.
 *
 * @param labelled by slice
 * @param errors sum of {@link Outcome#error} by slice
 */
public record SliceDay(LocalDate day, int version, long[] labelled, double[] errors) {
    /** Adds an outcome in place. */
    void add(Outcome outcome) {
        for (int slice : outcome.slices()) {
            labelled[slice]++;
            errors[slice] += outcome.error();
        }
    }
}

package dev.perennial.core.monitor;

import dev.perennial.core.evaluation.SliceErrors;
import dev.perennial.core.metric.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A part of the rows in which the champion errs more than it did in the test, by more than chance.
 *
 * @param slice in words
 * @param labelled rows of the detection window
 * @param error mean of these
 * @param tested mean error of the slice on the test split
 * @param isOfAllRows whether that had too few of its rows, and {@code tested} is of all of them
 * @param excess errors beyond what the test would have: labelled × (error − tested)
 */
public record WorseSlice(
        String slice,
        long labelled,
        double error,
        double tested,
        boolean isOfAllRows,
        double excess) {
    /** The mean of fewer isn't distributed normally. */
    private static final int LEAST_ROWS = 30;

    /** That any slice is named without a cause, all of them together. */
    private static final double CHANCE = 0.05;

    /**
     * Those of a window.
     *
     * @param days of the champion in the window
     * @return by excess, descending
     */
    static List<WorseSlice> of(
            List<SliceDay> days, SliceErrors tested, Reference reference, Task task) {
        int slices = tested.slices().size();
        double beyond =
                NormalDistribution.of(0, 1)
                        .inverseSurvivalProbability(CHANCE / Math.max(1, slices));
        List<WorseSlice> worse = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
            long rows = 0;
            double errors = 0;
            for (SliceDay day : days) {
                rows += day.labelled()[slice];
                errors += day.errors()[slice];
            }
            if (rows < LEAST_ROWS) {
                continue;
            }
            boolean isKnown = tested.rows()[slice] >= LEAST_ROWS;
            double before =
                    isKnown ? tested.errors()[slice] / tested.rows()[slice] : reference.testError();
            long beforeRows = isKnown ? tested.rows()[slice] : reference.testRows();
            double now = errors / rows;
            double pooled = (errors + before * beforeRows) / (rows + beforeRows);
            double variance = variance(pooled, reference, task) * (1.0 / rows + 1.0 / beforeRows);
            if (now - before > beyond * Math.sqrt(variance)) {
                worse.add(
                        new WorseSlice(
                                tested.slices().name(slice),
                                rows,
                                now,
                                before,
                                !isKnown,
                                rows * (now - before)));
            }
        }
        worse.sort(Comparator.comparingDouble(WorseSlice::excess).reversed());
        return List.copyOf(worse);
    }

    /** Of one row's error where it is so much in the mean; errors come in a row as in the test. */
    private static double variance(double error, Reference reference, Task task) {
        return task == Task.REGRESSION
                ? reference.varianceAt(error)
                : reference.lasting() * error * (1 - error);
    }
}

package dev.perennial.core.monitor;

import dev.perennial.core.metric.Task;
import dev.perennial.core.monitor.Foreseen.Sum;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How often the champion's answers are wrong, labelled or not, as its own probabilities expect it
 * (confidence-based performance estimation); or a regression's mean absolute error, as the model of
 * its errors expects it (direct loss estimation). It holds while what is expected was right on the
 * test split and the same features still mean the same label; labels that have come can contradict
 * it.
 *
 * @param error estimated: a share, 0 to 1, or in units of the label
 * @param low and {@code high}: a 95 % interval of what will have come true, of chance in the labels
 *     and of what the test split leaves open
 * @param answers in the detection window
 * @param doubts why it can't be relied on; none as far as anything can be told
 */
public record ErrorEstimate(
        double error, double low, double high, long answers, List<String> doubts) {
    private static final double NORMAL_95 = 1.959964;

    /** Fewer wrong or right answers aren't distributed normally. */
    private static final double LEAST_EXPECTED = 10;

    /** Beyond so many standard errors a difference isn't chance. */
    private static final double SURELY = 3;

    /** The mean of fewer absolute errors isn't distributed normally. */
    private static final long LEAST_LABELS = 30;

    public ErrorEstimate {
        doubts = List.copyOf(doubts);
    }

    /**
     * Of the detection window.
     *
     * @param days of the champion alone; all of them can contradict
     * @param firstDay of the detection window, which the estimate is of
     * @return empty without an answer in the window
     */
    static Optional<ErrorEstimate> of(
            List<Foreseen> days, LocalDate firstDay, Reference reference, Task task) {
        Sum all =
                days.stream()
                        .filter(each -> !each.day().isBefore(firstDay))
                        .map(Foreseen::all)
                        .reduce(Sum.NONE, Sum::and);
        if (all.answers() == 0) {
            return Optional.empty();
        }
        double error = all.errors() / all.answers();
        double calibration = reference.errorVariance() / reference.testRows();
        double chance = variance(all, reference, task) / all.answers() / all.answers();
        double half = NORMAL_95 * Math.sqrt(chance + calibration);
        double most = task == Task.REGRESSION ? Double.MAX_VALUE : 1;
        return Optional.of(
                new ErrorEstimate(
                        error,
                        Math.max(0, error - half),
                        Math.min(most, error + half),
                        all.answers(),
                        doubts(days, reference, task)));
    }

    /**
     * Of the number of errors, or of the sum of absolute ones, if just what was expected comes
     * true: errors come in a row live as they did on the test split.
     */
    private static double variance(Sum sum, Reference reference, Task task) {
        return task == Task.REGRESSION
                ? sum.answers() * reference.varianceAt(sum.errors() / sum.answers())
                : reference.lasting() * sum.variance();
    }

    private static List<String> doubts(List<Foreseen> days, Reference reference, Task task) {
        double calibration = reference.errorVariance() / reference.testRows();
        Optional<String> uncalibrated =
                reference.expectedError().stream()
                        .boxed()
                        .filter(expected ->
                                Math.abs(reference.testError() - expected)
                                        > SURELY * Math.sqrt(calibration))
                        .map(expected -> uncalibrated(reference.testError(), expected, task))
                        .findFirst();
        Sum labelled = days.stream().map(Foreseen::labelled).reduce(Sum.NONE, Sum::and);
        double wrong = days.stream().mapToDouble(Foreseen::wrong).sum();
        double rows = labelled.answers();
        boolean isEnough =
                task == Task.REGRESSION
                        ? rows >= LEAST_LABELS
                        : labelled.errors() >= LEAST_EXPECTED
                                && rows - labelled.errors() >= LEAST_EXPECTED;
        Optional<String> contradicted =
                isEnough
                                && Math.abs(wrong - labelled.errors())
                                        > SURELY
                                                * Math.sqrt(
                                                        variance(labelled, reference, task)
                                                                + rows * rows * calibration)
                        ? Optional.of(contradicted(labelled, wrong, task))
                        : Optional.empty();
        return List.of(uncalibrated, contradicted).stream().flatMap(Optional::stream).toList();
    }

    private static String uncalibrated(double tested, double expected, Task task) {
        return task == Task.REGRESSION
                ? String.format(
                        Locale.ROOT,
                        "on the test split answers were off by %.4g in the mean where %.4g was expected",
                        tested,
                        expected)
                : String.format(
                        Locale.ROOT,
                        "on the test split %.1f %% were wrong where the probabilities expected %.1f %%: they are not calibrated",
                        100 * tested,
                        100 * expected);
    }

    private static String contradicted(Sum labelled, double wrong, Task task) {
        double rows = labelled.answers();
        return task == Task.REGRESSION
                ? String.format(
                        Locale.ROOT,
                        "%,d answers whose label has come were off by %.4g in the mean where %.4g was expected: what the features mean has changed",
                        labelled.answers(),
                        wrong / rows,
                        labelled.errors() / rows)
                : String.format(
                        Locale.ROOT,
                        "of %,d answers whose label has come %.1f %% were wrong where %.1f %% were expected: what the features mean has changed",
                        labelled.answers(),
                        100 * wrong / rows,
                        100 * labelled.errors() / rows);
    }
}

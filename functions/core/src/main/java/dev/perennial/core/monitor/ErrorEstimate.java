package dev.perennial.core.monitor;

import dev.perennial.core.monitor.Foreseen.Sum;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The share of the champion's wrong answers, labelled or not, as its own probabilities expect it
 * (confidence-based performance estimation). It holds while probabilities are calibrated and the
 * same features still mean the same label; labels that have come can contradict it.
 *
 * @param error estimated, 0 to 1
 * @param low and {@code high}: a 95 % interval of the realised share, of chance in the labels and
 *     of what the test split leaves open of calibration
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
            List<Foreseen> days, LocalDate firstDay, Reference reference) {
        Sum all =
                days.stream()
                        .filter(each -> !each.day().isBefore(firstDay))
                        .map(Foreseen::all)
                        .reduce(Sum.NONE, Sum::and);
        if (all.answers() == 0) {
            return Optional.empty();
        }
        double error = all.errors() / all.answers();
        double tested = reference.testError();
        double independent = tested * (1 - tested);
        // Errors come in a row live as they did on the test split.
        double lasting = independent > 0 ? Math.max(1, reference.errorVariance() / independent) : 1;
        double calibration = reference.errorVariance() / reference.testRows();
        double chance = lasting * all.variance() / all.answers() / all.answers();
        double half = NORMAL_95 * Math.sqrt(chance + calibration);
        return Optional.of(
                new ErrorEstimate(
                        error,
                        Math.max(0, error - half),
                        Math.min(1, error + half),
                        all.answers(),
                        doubts(days, reference, lasting, calibration)));
    }

    private static List<String> doubts(
            List<Foreseen> days, Reference reference, double lasting, double calibration) {
        Optional<String> uncalibrated =
                reference.expectedError().stream()
                        .boxed()
                        .filter(expected ->
                                Math.abs(reference.testError() - expected)
                                        > SURELY * Math.sqrt(calibration))
                        .map(expected ->
                                String.format(
                                        Locale.ROOT,
                                        "on the test split %.1f %% were wrong where the probabilities expected %.1f %%: they are not calibrated",
                                        100 * reference.testError(),
                                        100 * expected))
                        .findFirst();
        Sum labelled = days.stream().map(Foreseen::labelled).reduce(Sum.NONE, Sum::and);
        double wrong = days.stream().mapToDouble(Foreseen::wrong).sum();
        double rows = labelled.answers();
        double error = Math.sqrt(lasting * labelled.variance() + rows * rows * calibration);
        boolean isEnough =
                labelled.errors() >= LEAST_EXPECTED && rows - labelled.errors() >= LEAST_EXPECTED;
        Optional<String> contradicted =
                isEnough && Math.abs(wrong - labelled.errors()) > SURELY * error
                        ? Optional.of(
                                String.format(
                                        Locale.ROOT,
                                        "of %,d answers whose label has come %.1f %% were wrong where %.1f %% were expected: what the features mean has changed",
                                        labelled.answers(),
                                        100 * wrong / rows,
                                        100 * labelled.errors() / rows))
                        : Optional.empty();
        return List.of(uncalibrated, contradicted).stream().flatMap(Optional::stream).toList();
    }
}

package dev.perennial.core.monitor;

import dev.perennial.core.live.Role;
import dev.perennial.core.metric.Task;

/**
 * A prediction whose label has come.
 *
 * @param time the row's own, in microseconds since the epoch
 * @param at when it was predicted, in microseconds since the epoch
 * @param error 0 or 1 for a classification, the absolute error for a regression
 * @param logLoss of a classification, with the probability of what came true clipped as {@link
 *     dev.perennial.core.metric.Metric#LOG_LOSS} does; NaN for a regression
 * @param expected how probable the error was by the model's own probabilities, or the absolute
 *     error that a regression expected; NaN where it didn't
 * @param loss what versions are compared by, since it has bounds and rewards honest probabilities:
 *     the Brier score of a classification, summed over classes and halved, 0 to 1; the error of a
 *     regression
 * @param slices that the row is in, see {@link OpenPrediction}
 * @param label what came true
 */
public record Outcome(
        String id,
        long time,
        long at,
        int version,
        Role role,
        double error,
        double logLoss,
        double expected,
        double loss,
        int[] slices,
        Label label) {
    private static final double LEAST = Math.ulp(1.0);

    static Outcome of(Task task, OpenPrediction open, Label label) {
        boolean numeric = task == Task.REGRESSION;
        double error =
                numeric
                        ? Math.abs(open.value() - label.value())
                        : open.category().equals(label.category()) ? 0 : 1;
        double logLoss =
                numeric
                        ? Double.NaN
                        : -Math.log(
                                Math.clamp(open.probabilityOf(label.category()), LEAST, 1 - LEAST));
        double loss = numeric ? error : open.brier(label.category());
        return new Outcome(
                open.id(),
                open.time(),
                open.at(),
                open.version(),
                open.role(),
                error,
                logLoss,
                open.expectedError(),
                loss,
                open.slices(),
                label);
    }
}

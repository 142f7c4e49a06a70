package dev.perennial.core.metric;

import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Whether one model's loss is less than another's on the same rows by more than chance: rows are
 * resampled in blocks, as the gates do.
 *
 * @param task of both
 * @param micros times of the rows, ascending
 * @param delay of their labels, which blocks are at least as long as
 * @param seed of the resampling
 */
public record PairedLoss(Task task, long[] micros, Duration delay, long seed) {
    /** For a standard error that is enough. */
    private static final int RESAMPLES = 200;

    /**
     * Compares.
     *
     * @param confidence one-sided, below 1
     * @return false, too, where rows are too few to tell
     */
    public boolean isLess(Predictions ours, Predictions theirs, double confidence) {
        Blocks blocks = Blocks.of(micros, ours.losses(), delay);
        return Bootstrap.of(blocks, RESAMPLES, seed)
                .improvement(
                        Metric.loss(task),
                        ours,
                        theirs,
                        IntStream.range(0, micros.length).toArray())
                .filter(found -> found.atLeast(confidence) > 0)
                .isPresent();
    }
}

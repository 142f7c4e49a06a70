package dev.perennial.core.evaluation;

import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of training a judged model again, on the rows that judged it too. Losses are those of
 * the scores, before any calibration: log loss, or RMSE.
 *
 * @param model empty if what was judged predicts the test rows better by more than chance, although
 *     this one has seen them
 * @param rows that it learned from
 * @param until the newest of them
 * @param judgedLoss on the test rows, of what was judged
 * @param loss the same of what was trained again
 */
public record Refitted(
        Optional<ArtifactRef> model, int rows, Instant until, double judgedLoss, double loss) {}

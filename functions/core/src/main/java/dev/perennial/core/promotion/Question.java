package dev.perennial.core.promotion;

import dev.perennial.core.spec.PromotionSpec.Mode;
import java.time.Instant;

/**
 * A run that waits for a decision on its version.
 *
 * @param mode a person's approval, or a trial in shadow or canary
 * @param share of the callers that a canary answers
 * @param championRevision of the champion alias that the version was evaluated against; another one
 *     and it can't be promoted any more
 * @param confidence with which a challenger has to win on live labels
 * @param until no decision by then is a no
 * @param token that the state machine waits for
 */
public record Question(
        String pipeline,
        String run,
        int version,
        Mode mode,
        double share,
        double confidence,
        int championRevision,
        Instant askedAt,
        Instant until,
        String token) {
    /** Whether the version predicts beside the champion meanwhile. */
    public boolean predictsBeside() {
        return mode.predictsBeside();
    }
}

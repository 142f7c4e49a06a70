package dev.perennial.core.spec;

import java.time.Duration;

/**
 * What stands between a version that passed its gates and live traffic.
 *
 * @param mode how it is decided
 * @param within no answer or no victory in this time is a no
 * @param share the share of callers that a canary answers, 0 to 1
 * @param confidence with which a challenger has to win on live labels, at whichever look it does
 */
public record PromotionSpec(Mode mode, Duration within, double share, double confidence) {
    /** What a spec without the block means. */
    public static final PromotionSpec STANDARD =
            new PromotionSpec(Mode.GATES, Duration.ofDays(7), 0, 0.95);

    /** Who or what decides. */
    public enum Mode {
        /** The gates alone. */
        GATES,
        /** A person, asked by the run. */
        APPROVAL,
        /** Live labels, while it predicts without being answered. */
        SHADOW,
        /** Live labels, while it answers a share of the callers. */
        CANARY;

        /** Whether the version predicts beside the champion until it is decided. */
        public boolean predictsBeside() {
            return this == SHADOW || this == CANARY;
        }
    }
}

package dev.perennial.core.spec;

import java.time.Duration;

/**
 * What stands between a version that passed its gates and live traffic.
 *
 * @param mode how it is decided
 * @param within no answer or no victory in this time is a no
 * @param share the share of callers that a canary answers, 0 to 1
 */
public record PromotionSpec(Mode mode, Duration within, double share) {
    /** What a spec without the block means. */
    public static final PromotionSpec STANDARD =
            new PromotionSpec(Mode.GATES, Duration.ofDays(3), 0);

    /** Who or what decides. */
    public enum Mode {
        /** The gates alone. */
        GATES,
        /** A person, asked by the run. */
        APPROVAL,
        /** Live labels, while it predicts without being answered. */
        SHADOW,
        /** Live labels, while it answers a share of the callers. */
        CANARY
    }
}

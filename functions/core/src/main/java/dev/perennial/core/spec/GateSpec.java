package dev.perennial.core.spec;

import java.util.OptionalDouble;

/**
 * A condition that a candidate must meet before it is registered. Metrics are named as in the spec.
 */
public sealed interface GateSpec {
    String metric();

    /** The metric lies within bounds on the test split. */
    record Absolute(String metric, OptionalDouble min, OptionalDouble max) implements GateSpec {}

    /**
     * Better than another model on the same test rows: the one-sided bootstrap bound of the paired
     * improvement exceeds {@code margin}. Passes where there is no champion yet.
     *
     * @param confidence of the bound, 0.5 to 0.9999
     * @param margin least improvement, in units of the metric, counted in its better direction
     */
    record Versus(String metric, Opponent opponent, double confidence, double margin)
            implements GateSpec {}

    /**
     * On no value of a feature does the metric lie more than {@code maxDrop} worse than the
     * champion's.
     */
    record Slice(String metric, String feature, double maxDrop) implements GateSpec {}

    /** Who a candidate is compared with. */
    enum Opponent {
        CHAMPION,
        LINEAR,
        PREVIOUS_LABEL
    }
}

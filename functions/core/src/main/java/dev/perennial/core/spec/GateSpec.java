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
    record Versus(
            String metric,
            Opponent opponent,
            double confidence,
            double margin,
            Incomparable incomparable)
            implements GateSpec {}

    /**
     * On no value of a feature is the metric more than {@code maxDrop} worse than the champion's,
     * as far as the test rows can tell: the bound of the paired drop decides, not its estimate.
     *
     * @param confidence that no slice is rejected by chance, 0.5 to 0.9999
     * @param maxDrop in units of the metric
     */
    record Slice(
            String metric,
            String feature,
            double maxDrop,
            double confidence,
            Incomparable incomparable)
            implements GateSpec {}

    /** What to do with a champion that can't predict the test rows, since the spec has changed. */
    enum Incomparable {
        REJECT,
        PASS
    }

    /** Who a candidate is compared with. */
    enum Opponent {
        CHAMPION,
        LINEAR,
        PREVIOUS_LABEL
    }
}

package dev.perennial.core.trigger;

import dev.perennial.core.retrain.RunCost;
import dev.perennial.core.retrain.Worth;
import dev.perennial.core.spec.RetrainSpec;
import java.time.Instant;
import java.util.Optional;

/** Weighs what a run would gain against what it costs. */
@FunctionalInterface
public interface Weigher {
    /**
     * Weighs.
     *
     * @param now of the event
     * @param lastRun when the last run began, whatever came of it
     * @return empty where nothing is known of what the champion loses
     */
    Optional<Worth> weigh(
            String pipeline,
            RetrainSpec spec,
            RunCost cost,
            Instant now,
            Optional<Instant> lastRun);
}

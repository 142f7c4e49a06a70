package dev.perennial.core.step;

import dev.perennial.core.spec.PromotionSpec.Mode;
import java.time.Instant;
import java.util.Optional;

/** Contract of the function that keeps a run's question while the run waits for its answer. */
public final class Ask {
    private Ask() {}

    /**
     * Input.
     *
     * @param closes the question is over; then there is nothing else
     * @param token that the state machine waits for
     */
    public record Input(
            String run,
            String pipeline,
            Instant startedAt,
            Optional<Boolean> closes,
            Optional<Integer> version,
            Optional<Mode> mode,
            Optional<Double> share,
            Optional<Double> confidence,
            Optional<Integer> championRevision,
            Optional<Instant> askedAt,
            Optional<Long> withinSeconds,
            Optional<String> token) {}

    /**
     * Output.
     *
     * @param open whether the question is open now
     */
    public record Output(boolean open) {}
}

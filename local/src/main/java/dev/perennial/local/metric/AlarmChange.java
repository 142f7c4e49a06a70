package dev.perennial.local.metric;

import dev.perennial.local.template.AlarmResource;
import java.time.Instant;

/** An alarm's change of state. */
public record AlarmChange(AlarmResource alarm, Current before, Current now) {
    /**
     * A state.
     *
     * @param since when it began
     */
    public record Current(AlarmState state, String reason, Instant since) {}
}

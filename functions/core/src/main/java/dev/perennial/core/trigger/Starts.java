package dev.perennial.core.trigger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs that were started lately.
 *
 * @param revision counts changes; the optimistic lock
 * @param last the newest; empty before the first
 * @param times of the starts that a day's limit may still have to count, ascending
 */
public record Starts(long revision, Optional<Start> last, List<Instant> times) {
    public static final Starts NONE = new Starts(0, Optional.empty(), List.of());
    private static final Duration DAY = Duration.ofDays(1);

    public Starts {
        times = List.copyOf(times);
    }

    /**
     * A run that was decided on.
     *
     * @param input of its execution, JSON
     * @param followUp when one more is due, unless another run starts before
     */
    public record Start(String run, Instant at, String input, Optional<Instant> followUp) {
        /** Whether the one more is due. */
        public boolean followsUp(Instant now) {
            return followUp.filter(due -> !now.isBefore(due)).isPresent();
        }
    }

    /** With one more start. */
    public Starts and(Start start) {
        List<Instant> kept = new ArrayList<>(withinDayBefore(start.at()));
        kept.add(start.at());
        kept.sort(Instant::compareTo);
        return new Starts(revision + 1, Optional.of(start), kept);
    }

    /** The starts within the 24 hours before a moment. */
    public List<Instant> withinDayBefore(Instant moment) {
        return times.stream().filter(each -> each.isAfter(moment.minus(DAY))).toList();
    }
}

package dev.perennial.core.monitor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that the monitor carries from one look to the next.
 *
 * @param at the newest moment it looked at
 * @param sequence the last batch of the live log that is in it
 * @param watch of the present champion; empty before the first
 * @param days features of the detection window's days
 * @param trial of the challenger that predicts beside the champion now
 * @param quality by day, version and role, for {@link #DAYS_KEPT} days
 */
public record MonitorState(
        Instant at,
        long sequence,
        Optional<Watch> watch,
        List<LiveDay> days,
        List<Quality> quality,
        Optional<Trial> trial,
        LabelJoin.Kept join) {
    /** How long a day's quality is kept. */
    public static final int DAYS_KEPT = 92;

    /** Before the first look. */
    public static final MonitorState NONE =
            new MonitorState(
                    Instant.EPOCH,
                    0,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    LabelJoin.Kept.NOTHING);

    public MonitorState {
        days = List.copyOf(days);
        quality = List.copyOf(quality);
    }
}

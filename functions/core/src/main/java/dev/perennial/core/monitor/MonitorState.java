package dev.perennial.core.monitor;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that the monitor carries from one look to the next.
 *
 * @param format of this record, {@value #FORMAT} as this factory writes it
 * @param at the newest moment it looked at
 * @param sequence the last batch of the live log that is in it
 * @param watch of the present champion; empty before the first
 * @param days what was answered on the detection window's days
 * @param labels that came on these days
 * @param foreseen by day and version, for {@link #DAYS_KEPT} days
 * @param slices of the champion, on the detection window's days
 * @param trial of the challenger that predicts beside the champion now
 * @param quality by day, version and role, for {@link #DAYS_KEPT} days
 */
public record MonitorState(
        int format,
        Instant at,
        long sequence,
        Optional<Watch> watch,
        List<LiveDay> days,
        List<LabelDay> labels,
        List<Foreseen> foreseen,
        List<SliceDay> slices,
        List<Quality> quality,
        Optional<Trial> trial,
        LabelJoin.Kept join) {
    /**
     * 1 knew of no label days and nothing foreseen, and watched each column by one effect; 2 of no
     * slices.
     */
    static final int FORMAT = 3;

    private static final String WHAT = "the monitor's state";

    /** How long a day's quality is kept. */
    public static final int DAYS_KEPT = 92;

    /** Before the first look. */
    public static final MonitorState NONE =
            new MonitorState(
                    FORMAT,
                    Instant.EPOCH,
                    0,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    LabelJoin.Kept.NOTHING);

    public MonitorState {
        days = List.copyOf(days);
        labels = List.copyOf(labels);
        foreseen = List.copyOf(foreseen);
        slices = List.copyOf(slices);
        quality = List.copyOf(quality);
    }

    /**
     * Reads what this factory or an older one wrote. Of an older one's, what is measured otherwise
     * now begins anew: the watch, at the champion as it is, and the window's days. Predictions that
     * wait for their labels, the trial and the quality of each day stay.
     *
     * @throws MalformedJsonException if it is no state, or that of a newer factory
     */
    public static MonitorState read(byte[] json) {
        JsonNode tree = Json.tree(WHAT, json);
        int format = tree.path("format").asInt(1);
        if (format > FORMAT) {
            throw new MalformedJsonException(
                    WHAT,
                    "it was written by a newer factory (format %d; this one knows %d): deploy that one"
                            .formatted(format, FORMAT),
                    new IllegalArgumentException("format " + format));
        }
        if (format == FORMAT || !(tree instanceof ObjectNode old)) {
            return Json.read(WHAT, tree, MonitorState.class);
        }
        old.put("format", FORMAT);
        if (format < 2) {
            old.remove("watch");
            List.of("days", "labels", "foreseen").forEach(old::putArray);
        }
        old.putArray("slices");
        for (JsonNode open : old.path("join").path("open")) {
            if (open instanceof ObjectNode prediction) {
                prediction.putArray("slices");
            }
        }
        return Json.read(WHAT, old, MonitorState.class);
    }
}

package dev.perennial.core.drift;

import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.table.Column;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A column's {@link DesignEffect}s by what is compared and by the rows of the window. An afternoon
 * is measured against other times of the day, a whole week against weeks, so that like is compared
 * with like however long the live window is so far.
 *
 * @param byAspect ascending by the rows of the window
 */
public record DesignEffects(Map<Aspect, List<DesignEffect>> byAspect) {
    private static final int SHORTEST = 50;

    public DesignEffects {
        byAspect = Map.copyOf(byAspect);
    }

    /** Of rows that don't depend on each other. */
    public static DesignEffects none() {
        return new DesignEffects(Map.of());
    }

    /**
     * Measured on the reference's own rows.
     *
     * @param column in order of time
     * @param reference its profile
     * @param windowRows rows of the longest live window, at least 1
     */
    public static DesignEffects of(Column column, ColumnProfile reference, int windowRows) {
        Bins bins = Bins.of(reference);
        double[] all = bins.counts(reference);
        int[] binOf = bins.of(column);
        Map<Aspect, List<DesignEffect>> effects = new EnumMap<>(Aspect.class);
        bins.measures(all)
                .forEach((aspect, measure) ->
                        effects.put(
                                aspect,
                                windows(binOf.length, windowRows).stream()
                                        .map(length -> DesignEffect.of(measure, all, binOf, length))
                                        .toList()));
        return new DesignEffects(effects);
    }

    /**
     * The lengths that are measured, ascending, each twice the one before.
     *
     * @param rows of the reference; fewer than 8 have none
     * @param windowRows of the longest live window
     */
    static List<Integer> windows(int rows, int windowRows) {
        int longest = Math.min(windowRows, DesignEffect.longestWindow(rows));
        List<Integer> lengths = new ArrayList<>();
        for (int length = SHORTEST; length < longest; length *= 2) {
            lengths.add(length);
        }
        if (longest > 0) {
            lengths.add(longest);
        }
        return lengths;
    }

    /**
     * For a live window of so many rows: that of the longest measured window that is no longer.
     * Windows of twice its rows vary less, never more, so this errs on the side of no alarm.
     */
    DesignEffect at(Aspect aspect, long liveRows) {
        List<DesignEffect> byRows = byAspect.getOrDefault(aspect, List.of());
        return byRows.stream()
                .filter(each -> each.rows() <= liveRows)
                .reduce((_, longer) -> longer)
                .or(() -> byRows.stream().findFirst())
                .map(each -> each.at(liveRows))
                .orElse(DesignEffect.none());
    }
}

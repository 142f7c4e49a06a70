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
     * What drift-free live rows exceed with a probability: the largest by what is known of the two
     * measured lengths below theirs and of the one above. A whole number of days varies less than
     * half a day more, so the nearest length alone may be too sure.
     */
    double threshold(Aspect aspect, Measure measure, BinnedSamples samples, double probability) {
        List<DesignEffect> byRows = byAspect.getOrDefault(aspect, List.of());
        long liveRows = Math.round(samples.liveRows());
        int above = 0;
        while (above < byRows.size() && byRows.get(above).rows() <= liveRows) {
            above++;
        }
        return byRows.subList(Math.max(0, above - 2), Math.min(byRows.size(), above + 1)).stream()
                .mapToDouble(each -> each.at(liveRows).threshold(measure, samples, probability))
                .max()
                .orElseGet(() -> DesignEffect.none().threshold(measure, samples, probability));
    }
}

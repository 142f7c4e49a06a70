package dev.perennial.core.drift;

import dev.perennial.core.drift.DesignEffect.Windows;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.table.Column;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

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
        List<Windows> windows =
                windows(binOf.length, windowRows).stream()
                        .map(length -> Windows.of(binOf, all.length, length))
                        .toList();
        Map<Aspect, List<DesignEffect>> effects = new EnumMap<>(Aspect.class);
        bins.measures(all)
                .forEach((aspect, measure) ->
                        effects.put(
                                aspect,
                                windows.stream()
                                        .map(each -> DesignEffect.of(measure, all, each))
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
     * What tells of a live window: what was measured at the two lengths below its own and at the
     * one above. A whole number of days varies less than half a day more, so the nearest length
     * alone may be too sure.
     *
     * @param measured ascending by rows
     */
    static <T> List<T> around(List<T> measured, ToLongFunction<T> rows, long liveRows) {
        int above = 0;
        while (above < measured.size() && rows.applyAsLong(measured.get(above)) <= liveRows) {
            above++;
        }
        return measured.subList(Math.max(0, above - 2), Math.min(measured.size(), above + 1));
    }

    /** What drift-free live rows exceed with a probability: the largest by what is known. */
    double threshold(Aspect aspect, Measure measure, BinnedSamples samples, double probability) {
        List<DesignEffect> byRows = byAspect.getOrDefault(aspect, List.of());
        long liveRows = Math.round(samples.liveRows());
        return around(byRows, DesignEffect::rows, liveRows).stream()
                .mapToDouble(each -> each.at(liveRows).threshold(measure, samples, probability))
                .max()
                .orElseGet(() -> DesignEffect.none().threshold(measure, samples, probability));
    }
}

package dev.perennial.core.drift;

import dev.perennial.core.profile.ColumnProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a live sample of one column lies from the reference, in each aspect that its type has.
 * The false-alarm rate is divided among them (Bonferroni).
 *
 * @param compared never empty
 * @param distances in units that people know; they alarm nobody
 * @param rows of the live sample, missing values too
 */
public record ColumnShift(List<Compared> compared, Distances distances, long rows) {
    /**
     * One aspect.
     *
     * @param value at least 0: the index, or the squared difference of mean scores in deviations of
     *     a single row
     * @param threshold that a drift-free sample of this size exceeds as often as it may
     */
    public record Compared(Aspect aspect, double value, double threshold) {
        /** 1 and more is drift. */
        public double ratio() {
            return value / threshold;
        }
    }

    public ColumnShift {
        compared = List.copyOf(compared);
    }

    /**
     * The live sample against the reference; empty where either has no row.
     *
     * @param falseAlarmRate of all aspects together, above 0 and below 1
     * @throws IllegalArgumentException if the columns are not of one type, or are times
     */
    public static Optional<ColumnShift> of(
            ColumnProfile reference,
            ColumnProfile live,
            DesignEffects effects,
            double falseAlarmRate) {
        return Binned.of(reference, live, falseAlarmRate)
                .map(binned ->
                        new ColumnShift(
                                compared(binned, effects, falseAlarmRate),
                                Distances.of(binned),
                                live.rows()));
    }

    /** Whether it is drift in any aspect; as {@link #of}, without the distances. */
    public static boolean isDrift(
            ColumnProfile reference,
            ColumnProfile live,
            DesignEffects effects,
            double falseAlarmRate) {
        return Binned.of(reference, live, falseAlarmRate).stream()
                .flatMap(binned -> compared(binned, effects, falseAlarmRate).stream())
                .anyMatch(each -> each.ratio() >= 1);
    }

    private static List<Compared> compared(
            Binned binned, DesignEffects effects, double falseAlarmRate) {
        BinnedSamples samples = binned.samples();
        Map<Aspect, Measure> measures = binned.bins().measures(samples.reference());
        List<Compared> compared = new ArrayList<>();
        measures.forEach((aspect, measure) -> {
            double rate = falseAlarmRate * aspect.part(measures.keySet());
            double byChance = effects.threshold(aspect, measure, samples, rate);
            compared.add(
                    new Compared(aspect, measure.of(samples), binned.threshold(measure, byChance)));
        });
        return compared;
    }

    /** The aspect that lies furthest beyond its threshold. */
    public Compared strongest() {
        return compared.stream().max(Comparator.comparingDouble(Compared::ratio)).orElseThrow();
    }
}

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
        return compared(reference, live, effects, falseAlarmRate)
                .map(compared ->
                        new ColumnShift(compared, Distances.of(reference, live), live.rows()));
    }

    /** Whether it is drift in any aspect; as {@link #of}, without the distances. */
    public static boolean isDrift(
            ColumnProfile reference,
            ColumnProfile live,
            DesignEffects effects,
            double falseAlarmRate) {
        return compared(reference, live, effects, falseAlarmRate).stream()
                .flatMap(List::stream)
                .anyMatch(each -> each.ratio() >= 1);
    }

    private static Optional<List<Compared>> compared(
            ColumnProfile reference,
            ColumnProfile live,
            DesignEffects effects,
            double falseAlarmRate) {
        if (!(falseAlarmRate > 0 && falseAlarmRate < 1)) {
            throw new IllegalArgumentException(
                    "a false-alarm rate is above 0 and below 1, but is " + falseAlarmRate);
        }
        if (reference.rows() == 0 || live.rows() == 0) {
            return Optional.empty();
        }
        Bins bins = Bins.of(reference);
        double[] before = bins.counts(reference);
        BinnedSamples samples = new BinnedSamples(before, bins.counts(live));
        Map<Aspect, Measure> measures = bins.measures(before);

        List<Compared> compared = new ArrayList<>();
        measures.forEach((aspect, measure) -> {
            double rate = falseAlarmRate * aspect.part(measures.keySet());
            double byChance = effects.threshold(aspect, measure, samples, rate);
            double bySketch = bins.blur(measure, reference, live);
            // Squared distances: those by chance and by sketch add up.
            double distance = Math.sqrt(byChance) + Math.sqrt(bySketch);
            compared.add(new Compared(aspect, measure.of(samples), distance * distance));
        });
        return Optional.of(compared);
    }

    /** The aspect that lies furthest beyond its threshold. */
    public Compared strongest() {
        return compared.stream().max(Comparator.comparingDouble(Compared::ratio)).orElseThrow();
    }
}

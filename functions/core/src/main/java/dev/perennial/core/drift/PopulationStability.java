package dev.perennial.core.drift;

import dev.perennial.core.drift.Measure.Stability;
import dev.perennial.core.profile.ColumnProfile;
import java.util.Optional;

/**
 * How far a live sample of one column lies from the reference.
 *
 * <p>Population stability index over the reference's deciles, or its most frequent categories and
 * all others, and the missing values (Siddiqi, <i>Credit Risk Scorecards</i>, 2006, ch. 9). Without
 * drift it is distributed as (1/n + 1/m)·χ²(B − 1) for n live rows, m reference rows and B bins
 * (Yurdakul, <i>Statistical Properties of Population Stability Index</i>, 2018). The threshold
 * corrects that for small samples, rare bins ({@link BinnedSamples}) and rows that depend on their
 * neighbours ({@link DesignEffect}).
 *
 * @param value the index, unitless, at least 0; 0 for equal shares
 * @param threshold the value that a drift-free sample of this size exceeds with probability {@code
 *     falseAlarmRate}
 * @param highest the index were all live rows in the rarest bin that the reference has rows in
 * @param bins with that of missing values
 * @param rows of the live sample, missing values too
 */
public record PopulationStability(
        double value,
        double threshold,
        double highest,
        int bins,
        long rows,
        double falseAlarmRate) {
    /**
     * The live sample against the reference; empty where either has no row.
     *
     * @param falseAlarmRate of this one comparison, above 0 and below 1; calibrated down to 1e-6
     * @throws IllegalArgumentException if the columns are not of one type, or are times
     */
    public static Optional<PopulationStability> of(
            ColumnProfile reference,
            ColumnProfile live,
            DesignEffect effect,
            double falseAlarmRate) {
        return Binned.of(reference, live, falseAlarmRate)
                .map(binned -> of(binned, effect, falseAlarmRate));
    }

    private static PopulationStability of(
            Binned binned, DesignEffect effect, double falseAlarmRate) {
        Measure stability = new Stability();
        BinnedSamples samples = binned.samples();
        long rows = binned.live().rows();
        double byChance = effect.at(rows).threshold(stability, samples, falseAlarmRate);
        return new PopulationStability(
                samples.index(),
                binned.threshold(stability, byChance),
                samples.highest(),
                samples.live().length,
                rows,
                falseAlarmRate);
    }

    public boolean alarming() {
        return value > threshold;
    }

    /**
     * Whether a window of this size can't raise an alarm whatever is in it, values that training
     * never saw aside. A longer window or a larger false-alarm rate can.
     */
    public boolean blind() {
        return threshold >= highest;
    }

    /**
     * The index alone; 0 where either has no row.
     *
     * @throws IllegalArgumentException if the columns are not of one type, or are times
     */
    public static double index(ColumnProfile reference, ColumnProfile live) {
        Bins bins = Bins.of(reference);
        return new BinnedSamples(bins.counts(reference), bins.counts(live)).index();
    }
}

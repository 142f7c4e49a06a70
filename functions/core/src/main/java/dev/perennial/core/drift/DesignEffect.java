package dev.perennial.core.drift;

import dev.perennial.core.drift.Measure.Stability;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.table.Column;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * How much more a window of consecutive rows varies than as many independent ones (Kish 1965):
 * neighbours resemble each other, and an afternoon is not a day.
 *
 * <p>The indices of windows within the reference have the mean and the variance of a scaled χ² with
 * fewer degrees of freedom (Rao and Scott 1984). Both come from finitely many windows, so that the
 * next window's index against their mean is distributed as F. An index x is bounded, and windows
 * that differ much come near the bound h; so x ÷ (1 − x/h) is taken as χ², not x.
 *
 * @param value mean index of the windows, so stretched, ÷ that of independent rows, at least 1
 * @param concentration the degrees of freedom that remain, as a part of those of independent rows:
 *     above 0, at most 1
 * @param most the highest value of any window, ÷ that of independent rows, at least 1: what one
 *     hour of the week does each week is no drift, however rare
 * @param windows that would fit beside each other into the data it was measured on
 * @param rows per window
 */
public record DesignEffect(
        double value, double concentration, double most, double windows, long rows) {
    /** So many windows fit into the data at least; longer windows are measured by shorter ones. */
    private static final int LEAST_WINDOWS = 8;

    private static final int OVERLAPPING = 4;
    private static final int MOST_MEASURED = 400;

    /** Degrees of freedom from so few windows count half. */
    private static final double HALF_TRUSTED = 8;

    private static final double AS_IF_KNOWN = 1e6;

    /**
     * The bound of the index, as a multiple of the highest that is possible: nearer bounds find
     * more and keep the false-alarm rate of lasting rows less. Chosen on the series of
     * DesignEffectTest.
     */
    private static final double ROOM = 1.5;

    public DesignEffect {
        if (!(value >= 1)
                || !(concentration > 0 && concentration <= 1)
                || !(most >= 1)
                || !(windows > 0)) {
            throw new IllegalArgumentException(
                    "a design effect is at least 1, its concentration above 0 and at most 1, its highest at least 1, its windows above 0; got %s, %s, %s, %s"
                            .formatted(value, concentration, most, windows));
        }
    }

    /** Of rows that don't depend on each other. */
    public static DesignEffect none() {
        return new DesignEffect(1, 1, 1, AS_IF_KNOWN, Long.MAX_VALUE);
    }

    /**
     * Of the stability index, measured on the reference's own rows.
     *
     * @param column in order of time
     * @param reference its profile
     * @param windowRows rows of a live window, at least 1
     * @throws IllegalArgumentException if the profile isn't the column's, or for a time column
     */
    public static DesignEffect of(Column column, ColumnProfile reference, int windowRows) {
        if (windowRows < 1) {
            throw new IllegalArgumentException("a window has at least one row, not " + windowRows);
        }
        if (reference.rows() != column.rows()) {
            throw new IllegalArgumentException(
                    "%s has %d rows, but its profile %d"
                            .formatted(column.name(), column.rows(), reference.rows()));
        }
        int length = Math.min(windowRows, longestWindow(column.rows()));
        if (length == 0) {
            return none(); // fewer than 8 rows don't show any dependence
        }
        Bins bins = Bins.of(reference);
        double[] all = bins.counts(reference);
        return of(new Stability(), all, Windows.of(bins.of(column), all.length, length));
    }

    /** Rows of the longest window that so many rows tell anything of. */
    static int longestWindow(int rows) {
        return rows / LEAST_WINDOWS;
    }

    /**
     * Windows of one length within the reference's rows.
     *
     * @param counts rows of each window in each bin
     * @param length in rows
     * @param rows of the reference
     */
    record Windows(double[][] counts, int length, int rows) {
        /**
         * All that are measured.
         *
         * @param binOf each row's bin, in order of time
         * @param length 1 to {@link #longestWindow}
         */
        static Windows of(int[] binOf, int bins, int length) {
            int last = binOf.length - length;
            int step = Math.max(1, Math.max(length / OVERLAPPING, last / MOST_MEASURED));
            return new Windows(
                    DesignEffect.counts(bins, binOf, step, length, last / step + 1),
                    length,
                    binOf.length);
        }
    }

    /**
     * Of any measure.
     *
     * @param reference rows per bin
     */
    static DesignEffect of(Measure measure, double[] reference, Windows windows) {
        int length = windows.length();
        double[] ratios = new double[windows.counts().length];
        double degrees = 1;
        // A window inside the reference differs from it by less than one beside it would.
        double chance = 1.0 / length - 1.0 / windows.rows();
        for (int i = 0; i < ratios.length; i++) {
            BinnedSamples samples = new BinnedSamples(reference, windows.counts()[i]);
            degrees = measure.degrees(samples);
            ratios[i] = odds(measure, samples) / (chance * degrees);
        }
        return of(ratios, degrees, (double) windows.rows() / length, length);
    }

    private static DesignEffect of(double[] ratios, double degrees, double windows, int length) {
        double mean = Arrays.stream(ratios).average().orElseThrow();
        double variance =
                Arrays.stream(ratios).map(each -> (each - mean) * (each - mean)).sum()
                        / (ratios.length - 1);
        double found = variance > 0 ? Math.clamp(2 * mean * mean / variance, 1, degrees) : degrees;
        double trusted = 1 + (found - 1) * windows / (windows + HALF_TRUSTED);
        double highest = Arrays.stream(ratios).max().orElseThrow();
        return new DesignEffect(
                Math.max(1, mean), trusted / degrees, Math.max(1, highest), windows, length);
    }

    /**
     * For a window of another length. A longer one is taken to vary as much as the measured one,
     * since what differs between seasons doesn't average out within one. For a shorter one the
     * effect is left as it is, which holds for dependence that fades, not for a window that is a
     * smaller part of a cycle: measure that one by itself, as {@link DesignEffects} does.
     */
    public DesignEffect at(long liveRows) {
        return liveRows <= rows
                ? this
                : new DesignEffect(
                        1 + (value - 1) * liveRows / rows,
                        concentration,
                        1 + (most - 1) * liveRows / rows,
                        windows,
                        liveRows);
    }

    /** The value that drift-free live rows exceed with a probability. */
    double threshold(Measure measure, BinnedSamples samples, double probability) {
        double degrees = measure.degrees(samples);
        double chance = measure.chance(samples, probability);
        double independent =
                chance * ChiSquaredDistribution.of(degrees).inverseSurvivalProbability(probability);
        double left = Math.max(1, concentration * degrees);
        if (windows >= AS_IF_KNOWN) {
            return independent;
        }
        double ofMean =
                FDistribution.of(left, left * windows).inverseSurvivalProbability(probability);
        double common = bounded(chance * degrees * value * ofMean, measure, samples);
        return Math.max(Math.max(independent, common), beyond(independent, measure, samples));
    }

    /**
     * What was the highest of all windows lies, by itself, no further from its own cause than the
     * highest of so many independent ones; a new window with that cause may lie as far from it as
     * {@code independent} allows. Values are squared distances.
     */
    private double beyond(double independent, Measure measure, BinnedSamples samples) {
        double degrees = measure.degrees(samples);
        double rare = 1 / Math.max(2, windows);
        double plain =
                measure.chance(samples, rare)
                        * ChiSquaredDistribution.of(degrees).inverseSurvivalProbability(rare);
        double chance = 1 / samples.liveRows() + 1 / samples.referenceRows();
        double highest = bounded(chance * degrees * most, measure, samples);
        double distance = Math.sqrt(highest) - Math.sqrt(plain) + Math.sqrt(independent);
        return distance <= 0 ? 0 : distance * distance;
    }

    /** The inverse of {@link #odds}. */
    private static double bounded(double odds, Measure measure, BinnedSamples samples) {
        return odds / (1 + odds / (ROOM * measure.highest(samples)));
    }

    /** Nearly the index where that is small; what has no bound, where it comes near its own. */
    private static double odds(Measure measure, BinnedSamples samples) {
        double most = measure.highest(samples);
        return 1 / (1 / Math.min(measure.of(samples), most) - 1 / (ROOM * most));
    }

    /** The rows of each window in each bin, by one pass over the column. */
    private static double[][] counts(int bins, int[] binOf, int step, int length, int windows) {
        double[][] counts = new double[windows][bins];
        double[] before = new double[bins];
        int begins = 0;
        int ends = 0;
        for (int row = 0; row <= binOf.length; row++) {
            if (ends < windows && row == ends * step + length) {
                for (int bin = 0; bin < before.length; bin++) {
                    counts[ends][bin] = before[bin] - counts[ends][bin];
                }
                ends++;
            }
            if (begins < windows && row == begins * step) {
                System.arraycopy(before, 0, counts[begins], 0, before.length);
                begins++;
            }
            if (row < binOf.length) {
                before[binOf[row]]++;
            }
        }
        return counts;
    }
}

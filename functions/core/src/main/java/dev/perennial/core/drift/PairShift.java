package dev.perennial.core.drift;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.perennial.core.table.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * Two columns that go together otherwise than in the reference, however each is distributed by
 * itself: Fisher's transformation of both correlations (Fisher 1921), squared difference.
 *
 * @param before their correlation in the reference, {@code now} in the live rows
 * @param threshold that a drift-free sample of this size exceeds as often as it may
 */
public record PairShift(
        String a, String b, double before, double now, double value, double threshold) {
    /** A correlation of 1 is infinitely far from any other. */
    private static final double HIGHEST = 0.999;

    /**
     * How much more the pairs' transformed correlations vary from window to window than those of
     * independent rows.
     *
     * @param rows of a window
     * @param windows that fit beside each other
     * @param values by pair, at least 1
     */
    public record Effects(long rows, double windows, double[] values) {}

    /** 1 and more is drift. */
    @JsonProperty
    public double ratio() {
        return value / threshold;
    }

    /**
     * All pairs, the furthest beyond its threshold first.
     *
     * @param effects ascending by rows
     * @param falseAlarmRate of all pairs together
     */
    public static List<PairShift> of(
            PairProfile reference, PairProfile live, List<Effects> effects, double falseAlarmRate) {
        int columns = reference.columns().size();
        double rate = falseAlarmRate / Math.max(1, columns * (columns - 1) / 2);
        double independent = chance(reference.rows(), live.rows());
        List<PairShift> shifts = new ArrayList<>();
        for (int b = 0, pair = 0; b < columns; b++) {
            for (int a = 0; a < b; a++, pair++) {
                double before = reference.correlation(a, b);
                double now = live.correlation(a, b);
                shifts.add(
                        new PairShift(
                                reference.columns().get(a),
                                reference.columns().get(b),
                                before,
                                now,
                                squared(before, now),
                                independent * quantile(effects, pair, live.rows(), rate)));
            }
        }
        shifts.sort(Comparator.comparingDouble(PairShift::ratio).reversed());
        return shifts;
    }

    /** Of the variance by chance: χ² with one degree, wider where few windows have shown it. */
    private static double quantile(List<Effects> effects, int pair, long rows, double rate) {
        double plain = ChiSquaredDistribution.of(1).inverseSurvivalProbability(rate);
        return DesignEffects.around(effects, Effects::rows, rows).stream()
                .mapToDouble(each ->
                        FDistribution.of(1, each.windows()).inverseSurvivalProbability(rate)
                                * (1
                                        + (each.values()[pair] - 1)
                                                * Math.max(1, (double) rows / each.rows())))
                .reduce(plain, Math::max);
    }

    private static double chance(long m, long n) {
        return 1.0 / Math.max(1, m - 3) + 1.0 / Math.max(1, n - 3);
    }

    private static double squared(double before, double now) {
        double difference =
                atanh(Math.clamp(now, -HIGHEST, HIGHEST))
                        - atanh(Math.clamp(before, -HIGHEST, HIGHEST));
        return difference * difference;
    }

    private static double atanh(double r) {
        return Math.log((1 + r) / (1 - r)) / 2;
    }

    /**
     * Measured on the reference's own rows.
     *
     * @param rows in order of time
     * @param windowRows rows of the longest live window
     */
    public static List<Effects> effects(RankScores scores, Table rows, int windowRows) {
        double[][] of = scores.of(rows);
        PairProfile all = PairProfile.of(scores.names(), of, 0, rows.rows());
        List<Effects> effects = new ArrayList<>();
        for (int length : DesignEffects.windows(rows.rows(), windowRows)) {
            effects.add(effects(all, of, length));
        }
        return effects;
    }

    /** Of windows beside each other. */
    private static Effects effects(PairProfile all, double[][] scores, int length) {
        int columns = all.columns().size();
        double[] sums = new double[columns * (columns - 1) / 2];
        int windows = (int) (all.rows() / length);
        for (int window = 0; window < windows; window++) {
            PairProfile part =
                    PairProfile.of(all.columns(), scores, window * length, (window + 1) * length);
            for (int b = 0, pair = 0; b < columns; b++) {
                for (int a = 0; a < b; a++, pair++) {
                    sums[pair] += squared(all.correlation(a, b), part.correlation(a, b));
                }
            }
        }
        // A window inside the reference differs from it by less than one beside it would.
        double chance = 1.0 / Math.max(1, length - 3) - 1.0 / all.rows();
        for (int pair = 0; pair < sums.length; pair++) {
            sums[pair] = Math.max(1, sums[pair] / windows / chance);
        }
        return new Effects(length, windows, sums);
    }
}

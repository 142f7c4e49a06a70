package dev.perennial.core.drift;

import dev.perennial.core.profile.CategoryProfile;
import dev.perennial.core.profile.CategoryProfile.Frequency;
import dev.perennial.core.profile.ColumnProfile;
import dev.perennial.core.profile.NumberProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * How far a live column lies from the reference: the population stability index over the
 * reference's deciles or most frequent categories, and the missing values, Σ (p − q)·ln(p ÷ q)
 * (Siddiqi, <i>Credit Risk Scorecards</i>, 2006).
 *
 * <p>Without drift, the index over (1/n + 1/m) is distributed as χ² with one degree of freedom less
 * than there are bins (Yurdakul 2018), for n live and m reference rows that don't depend on each
 * other; rows that do depend count as fewer, by the design effect. Neighbouring bins in which
 * chance would put less than {@value #LEAST_EXPECTED} live rows are taken together.
 *
 * @param index unitless, ≥ 0; a share of 0 counts as half a row
 * @param threshold that a live sample without drift exceeds with the given probability
 * @param bins that were compared, at least 2
 * @param rows of the live sample
 */
public record PopulationStability(double index, double threshold, int bins, long rows) {
    static final int LEAST_EXPECTED = 10;

    /**
     * The index has a heavier tail than χ²: by simulation its quantile χ²_α is larger by the factor
     * 1 + 0.75·χ²_α ÷ (bins · rows in the smallest bin), or less, for 2 to 20 bins with 10 rows or
     * more and α down to 1e-4.
     */
    private static final double SMALL_SAMPLE = 0.75;

    private static final int DECILES = 10;
    private static final int CATEGORIES = 20;

    /**
     * Compares.
     *
     * @param designEffect how much more live samples vary than independent rows would, ≥ 1
     * @param falseAlarm the probability of exceeding the threshold without drift
     * @return nothing where fewer than two bins can be told apart
     */
    public static Optional<PopulationStability> of(
            ColumnProfile reference, ColumnProfile live, double designEffect, double falseAlarm) {
        if (reference.rows() == 0 || live.rows() == 0) {
            return Optional.empty();
        }
        Shares shares = shares(reference, live).merged(live.rows());
        if (shares.reference.length < 2) {
            return Optional.empty();
        }
        double scale = (1.0 / live.rows() + 1.0 / reference.rows()) * designEffect;
        double limit =
                ChiSquaredDistribution.of(shares.reference.length - 1.0)
                        .inverseSurvivalProbability(falseAlarm);
        double independentPerBin =
                Arrays.stream(shares.reference).min().orElseThrow() * live.rows() / designEffect;
        double smallSample =
                1 + SMALL_SAMPLE * limit / (shares.reference.length * independentPerBin);
        return Optional.of(
                new PopulationStability(
                        index(shares.reference, shares.live, live.rows()),
                        scale * limit * smallSample,
                        shares.reference.length,
                        live.rows()));
    }

    /** The index alone, however many rows there are; 0 for columns of different types. */
    public static double index(ColumnProfile reference, ColumnProfile live) {
        if (reference.rows() == 0 || live.rows() == 0) {
            return 0;
        }
        Shares shares = shares(reference, live);
        return index(shares.reference, shares.live, Math.min(reference.rows(), live.rows()));
    }

    /** Shares of the same bins, all rows together 1. */
    private record Shares(double[] reference, double[] live) {
        /** The last bin is that of missing values; it joins the bin before it like any other. */
        Shares merged(long rows) {
            List<Double> p = new ArrayList<>();
            List<Double> q = new ArrayList<>();
            double openP = 0;
            double openQ = 0;
            for (int i = 0; i < reference.length; i++) {
                openP += reference[i];
                openQ += live[i];
                if (openP * rows >= LEAST_EXPECTED) {
                    p.add(openP);
                    q.add(openQ);
                    openP = 0;
                    openQ = 0;
                }
            }
            if (p.isEmpty()) {
                return new Shares(new double[] {openP}, new double[] {openQ});
            }
            p.set(p.size() - 1, p.getLast() + openP);
            q.set(q.size() - 1, q.getLast() + openQ);
            return new Shares(array(p), array(q));
        }

        private static double[] array(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    private static Shares shares(ColumnProfile reference, ColumnProfile live) {
        if (reference instanceof NumberProfile ours && live instanceof NumberProfile theirs) {
            double[] edges = edges(ours);
            return new Shares(
                    withMissing(ours, ours.shares(edges)),
                    withMissing(theirs, theirs.shares(edges)));
        }
        if (reference instanceof CategoryProfile ours && live instanceof CategoryProfile theirs) {
            List<String> values = ours.top(CATEGORIES).stream().map(Frequency::value).toList();
            return new Shares(
                    withMissing(ours, shares(ours, values)),
                    withMissing(theirs, shares(theirs, values)));
        }
        return new Shares(new double[] {1}, new double[] {1}); // another type: nothing to compare
    }

    /**
     * Equal deciles of a column with few values count once; a sketch's may even fall by its error.
     */
    private static double[] edges(NumberProfile profile) {
        List<Double> edges = new ArrayList<>();
        for (int i = 1; i < DECILES && profile.count() > 0; i++) {
            double decile = profile.quantile((double) i / DECILES);
            if (edges.isEmpty() || decile > edges.getLast()) {
                edges.add(decile);
            }
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The share of each value, and of all others together. */
    private static double[] shares(CategoryProfile profile, List<String> values) {
        double[] shares = new double[values.size() + 1];
        double rest = 1;
        for (int i = 0; i < values.size(); i++) {
            shares[i] = profile.share(values.get(i));
            rest -= shares[i];
        }
        shares[values.size()] = Math.max(0, rest);
        return shares;
    }

    /** The shares of all rows, from those of the values that are there. */
    private static double[] withMissing(ColumnProfile profile, double[] shares) {
        double[] all = new double[shares.length + 1];
        for (int i = 0; i < shares.length; i++) {
            all[i] = profile.count() == 0 ? 0 : shares[i] * (1 - profile.nullShare());
        }
        all[shares.length] = profile.nullShare();
        return all;
    }

    private static double index(double[] p, double[] q, long rows) {
        double floor = 0.5 / rows;
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double a = Math.max(p[i], floor);
            double b = Math.max(q[i], floor);
            sum += (a - b) * Math.log(a / b);
        }
        return sum;
    }
}

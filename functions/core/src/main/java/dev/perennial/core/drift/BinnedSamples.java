package dev.perennial.core.drift;

import java.util.Arrays;

/**
 * Two samples over the same bins.
 *
 * @param reference rows per bin
 * @param live rows per bin
 */
record BinnedSamples(double[] reference, double[] live) {
    /** A bin that expects fewer live rows can't raise the index much by having none. */
    private static final double DECISIVE = 6;

    /**
     * The population stability index, Σ (q − p)·ln((q + ε)/(p + ε)), 0 where a sample is empty.
     *
     * <p>ε is one row's worth of share, of the larger sample where the bin is rarer than one row of
     * the smaller. Without it one empty bin is infinite, with a constant floor it is as large as
     * the constant happens to be; with it, the index of two samples of one population follows the
     * χ² distribution from some 50 rows on.
     */
    double index() {
        double m = referenceRows();
        double n = liveRows();
        if (m == 0 || n == 0) {
            return 0;
        }
        double sum = 0;
        for (int bin = 0; bin < live.length; bin++) {
            sum += term(reference[bin] / m, live[bin] / n, m, n);
        }
        return sum;
    }

    private static double term(double p, double q, double m, double n) {
        double row = Math.max(1 / m, Math.min(p, 1 / n));
        return (q - p) * Math.log((q + row) / (p + row));
    }

    /** The index were all live rows in one of the bins that the reference has rows in. */
    double highest() {
        double m = referenceRows();
        double n = liveRows();
        double none = 0;
        double most = 0;
        for (double each : reference) {
            double empty = term(each / m, 0, m, n);
            none += empty;
            most = each < 1 ? most : Math.max(most, term(each / m, 1, m, n) - empty);
        }
        return none + most;
    }

    /**
     * How many bins vary freely by chance: a bin that expects less than one live row counts for
     * that part. At least 1.
     */
    double degrees() {
        double m = referenceRows();
        double n = liveRows();
        double expecting = 0;
        for (double each : reference) {
            expecting += Math.min(1, n * Math.max(each, 1) / m);
        }
        return Math.max(1, expecting - 1);
    }

    /**
     * The index per degree of freedom by chance: 1/n + 1/m, and a little more since rows are whole.
     * What more was measured for 2 to 22 bins down to a probability of 1e-6: 1/√n bounds it, but
     * where one bin decides alone, the rarest that can lose all of its rows does.
     */
    double chance() {
        double m = referenceRows();
        double n = liveRows();
        double rarest =
                Arrays.stream(reference)
                        .map(each -> n * each / m)
                        .filter(expected -> expected >= DECISIVE)
                        .min()
                        .orElse(DECISIVE);
        double more = Math.max(1 / Math.sqrt(Math.min(n, m)), 1.2 / degrees() / Math.sqrt(rarest));
        return (1 / n + 1 / m) * (1 + more);
    }

    double referenceRows() {
        return Arrays.stream(reference).sum();
    }

    double liveRows() {
        return Arrays.stream(live).sum();
    }
}

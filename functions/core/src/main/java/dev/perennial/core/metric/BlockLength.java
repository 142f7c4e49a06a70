package dev.perennial.core.metric;

import java.util.Arrays;

/**
 * The block length at which a circular block bootstrap estimates the variance of a series' mean
 * best (Politis and White 2004, with the constant corrected by Patton, Politis and White 2009).
 */
final class BlockLength {
    private BlockLength() {}

    /**
     * The length, in members of the series.
     *
     * @param series in order of time
     * @return at least 0: for a series without autocorrelation; at most 3√n and n/3, rounded up
     */
    static double of(double[] series) {
        int n = series.length;
        if (n < 2) {
            return 0;
        }
        double mean = Arrays.stream(series).average().orElseThrow();
        double[] centred = Arrays.stream(series).map(each -> each - mean).toArray();
        int quiet = Math.max(5, (int) Math.log10(n));
        int longest = Math.min(n - 1, (int) Math.ceil(Math.sqrt(n)) + quiet);
        double[] covariances = new double[longest + 1];
        for (int lag = 0; lag <= longest; lag++) {
            covariances[lag] = autocovariance(centred, lag);
        }
        if (covariances[0] <= 0) {
            return 0;
        }
        int bandwidth = Math.min(2 * firstQuietLag(covariances, n, quiet), longest);
        double slope = 0;
        double density = covariances[0];
        for (int lag = 1; lag <= bandwidth; lag++) {
            // The flat-top window: 1 up to half the bandwidth, then falling to 0.
            double window = Math.min(1, 2 * (1 - (double) lag / bandwidth));
            slope += 2 * window * lag * covariances[lag];
            density += 2 * window * covariances[lag];
        }
        double variance = 4.0 / 3 * density * density;
        double length = Math.cbrt(2 * slope * slope / variance * n);
        return Math.min(length, Math.ceil(Math.min(3 * Math.sqrt(n), n / 3.0)));
    }

    /** The first lag from which on a few autocorrelations are all insignificant. */
    private static int firstQuietLag(double[] covariances, int n, int quiet) {
        double insignificant = 2 * Math.sqrt(Math.log10(n) / n) * covariances[0];
        int run = 0;
        for (int lag = 1; lag < covariances.length; lag++) {
            run = Math.abs(covariances[lag]) < insignificant ? run + 1 : 0;
            if (run == quiet) {
                return lag - quiet + 1;
            }
        }
        return covariances.length - 1;
    }

    private static double autocovariance(double[] centred, int lag) {
        double sum = 0;
        for (int i = lag; i < centred.length; i++) {
            sum += centred[i] * centred[i - lag];
        }
        return sum / centred.length;
    }
}

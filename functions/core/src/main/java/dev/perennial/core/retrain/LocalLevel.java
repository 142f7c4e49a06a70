package dev.perennial.core.retrain;

import java.util.List;

/**
 * A level that wanders, seen through noise: a Gaussian random walk whose mean given all that was
 * seen is computed forwards and backwards (Rauch, Tung and Striebel 1965, <i>Maximum likelihood
 * estimates of linear dynamic systems</i>).
 *
 * @param start variance of the level at age 0, whose mean is 0
 * @param perPeriod variance that it gains with each period
 */
record LocalLevel(double start, double perPeriod) {
    /**
     * One sight of the level.
     *
     * @param age at which, at least 0
     * @param variance of the noise, above 0
     */
    record Sight(int age, double value, double variance) {}

    /**
     * How likely the sights are, but for a constant (Harvey 1989, <i>Forecasting, Structural Time
     * Series Models and the Kalman Filter</i>, prediction error decomposition).
     *
     * @param sights in order of their ages
     */
    double logLikelihood(List<Sight> sights) {
        double mean = 0;
        double variance = start;
        int age = 0;
        double sum = 0;
        for (Sight sight : sights) {
            variance += perPeriod * (sight.age() - age);
            age = sight.age();
            double expected = variance + sight.variance();
            double surprise = sight.value() - mean;
            sum -= (Math.log(expected) + surprise * surprise / expected) / 2;
            double gain = variance / expected;
            mean += gain * surprise;
            variance *= 1 - gain;
        }
        return sum;
    }

    /**
     * The level's mean at each age from 0 on.
     *
     * @param sights in order of their ages
     * @param ages how many to give
     */
    double[] means(List<Sight> sights, int ages) {
        double[] means = new double[ages];
        double[] variances = new double[ages];
        double mean = 0;
        double variance = start;
        int next = 0;
        for (int age = 0; age < ages; age++) {
            variance += age == 0 ? 0 : perPeriod;
            for (; next < sights.size() && sights.get(next).age() <= age; next++) {
                double gain = variance / (variance + sights.get(next).variance());
                mean += gain * (sights.get(next).value() - mean);
                variance *= 1 - gain;
            }
            means[age] = mean;
            variances[age] = variance;
        }
        for (int age = ages - 2; age >= 0 && variances[age] + perPeriod > 0; age--) {
            double gain = variances[age] / (variances[age] + perPeriod);
            means[age] += gain * (means[age + 1] - means[age]);
        }
        return means;
    }
}

package dev.perennial.core.retrain;

import dev.perennial.core.retrain.LocalLevel.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How models age on this stream, from all probes on all later labelled periods. What an older probe
 * loses beyond the freshest is taken as a {@link LocalLevel} that starts at 0, plus what a single
 * period adds by its own nature (a day of storms) and what comes of finitely many rows.
 *
 * <p>What lasts shows in two periods in a row, what passes doesn't: the mean product of an older
 * probe's excess in two neighbouring periods is the walk's variance at its age.
 *
 * @param perPeriod variance that the excess gains per period, at least 0
 * @param passing variance of a single period's own, beyond that of independent rows; at least 0
 */
record Aging(double perPeriod, double passing) {
    /**
     * The mean of a standard normal variable's positive part, 1/√2π. An estimate that is cut off at
     * 0 lies that many standard errors too high where the truth is 0, and that much is taken off.
     */
    static final double POSITIVE_PART = 1 / Math.sqrt(2 * Math.PI);

    private record Product(int period, double value, int age) {}

    static Aging of(Evidence evidence) {
        List<Product> products = new ArrayList<>();
        double beyondRows = 0;
        double ages = 0;
        int count = 0;
        for (int probe : evidence.course().probes()) {
            double before = Double.NaN;
            int ageBefore = 0;
            for (int period : evidence.telling(probe + 1)) {
                int age = evidence.course().freshest(period) - probe;
                if (age <= 0) {
                    continue;
                }
                Difference excess = evidence.probes(probe, probe + age, period);
                if (!Double.isNaN(before)) {
                    products.add(new Product(period, before * excess.mean(), ageBefore));
                }
                beyondRows += excess.mean() * excess.mean() - excess.variance();
                ages += age;
                count++;
                before = excess.mean();
                ageBefore = age;
            }
        }
        if (products.isEmpty()) {
            return new Aging(0, 0);
        }
        double perPeriod = perPeriod(products);
        return new Aging(perPeriod, Math.max(0, (beyondRows - perPeriod * ages) / count));
    }

    /** Of losses that are so many times as large as the probes'. */
    Aging times(double scale) {
        return new Aging(perPeriod * scale * scale, passing * scale * scale);
    }

    /** A sight of the excess, as noisy as rows and the period itself make it. */
    Sight sight(int age, Difference difference) {
        return new Sight(age, difference.mean(), difference.variance() + passing);
    }

    /** Products of one period share its rows, so the standard error is that of periods' sums. */
    private static double perPeriod(List<Product> products) {
        double ages = products.stream().mapToInt(Product::age).sum();
        double slope = products.stream().mapToDouble(Product::value).sum() / ages;
        Map<Integer, Double> byPeriod = new TreeMap<>();
        for (Product each : products) {
            byPeriod.merge(each.period(), each.value() - slope * each.age(), Double::sum);
        }
        int periods = byPeriod.size();
        if (periods < 2) {
            return 0; // sums around a mean of their own are 0: no standard error is known
        }
        double squares = byPeriod.values().stream().mapToDouble(sum -> sum * sum).sum();
        double error = Math.sqrt(squares * periods / (periods - 1)) / ages;
        return Math.max(0, slope - POSITIVE_PART * error);
    }
}

package dev.perennial.core.drift;

/**
 * McDiarmid's bound on weighted averages (Frías-Blanco and others 2015, the W-test of {@link
 * HddmA}): the same with exponentially forgotten values. Step by step River's {@code
 * drift.binary.HDDMW}, one-sided.
 *
 * @param all values since the start
 * @param before those up to the cut where mean and bound were lowest
 * @param after those since
 */
public record HddmW(Settings settings, Faded all, Faded before, Faded after, boolean alarm)
        implements ErrorDetector {
    /**
     * Settings; the defaults of River are 0.001 and 0.05.
     *
     * @param confidence probability of a false alarm at one value, above 0 and below 1
     * @param lambda weight of the newest value
     */
    public record Settings(double confidence, double lambda) {
        public static final Settings RIVER = new Settings(0.001, 0.05);

        public Settings {
            ErrorDetector.require(
                    confidence > 0 && confidence < 1, "confidence is between 0 and 1", confidence);
            ErrorDetector.require(lambda > 0 && lambda <= 1, "lambda is from 0 to 1", lambda);
        }
    }

    /**
     * An exponentially weighted mean.
     *
     * @param independence sum of the squared weights, McDiarmid's condition
     */
    public record Faded(long count, double mean, double independence) {
        static final Faded NONE = new Faded(0, 0, 1);

        Faded and(double value, double lambda) {
            return new Faded(
                    count + 1,
                    count == 0 ? value : lambda * value + (1 - lambda) * mean,
                    lambda * lambda + (1 - lambda) * (1 - lambda) * independence);
        }
    }

    /** Before the first value. */
    public static HddmW start(Settings settings) {
        return new HddmW(settings, Faded.NONE, Faded.NONE, Faded.NONE, false);
    }

    @Override
    public HddmW update(double value) {
        if (alarm) {
            return start(settings).update(value);
        }
        Faded now = all.and(ErrorDetector.finite(value), settings.lambda());
        if (before.count() == 0 || now.mean() + bound(now.independence()) < limit()) {
            return new HddmW(settings, now, now, Faded.NONE, false);
        }
        Faded since = after.and(value, settings.lambda());
        boolean rises =
                since.mean() - before.mean() > bound(before.independence() + since.independence());
        return new HddmW(settings, now, before, since, rises);
    }

    private double limit() {
        return before.mean() + bound(before.independence());
    }

    private double bound(double independence) {
        return Math.sqrt(independence * Math.log(1 / settings.confidence()) / 2);
    }
}

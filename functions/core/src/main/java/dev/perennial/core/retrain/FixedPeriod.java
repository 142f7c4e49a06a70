package dev.perennial.core.retrain;

/**
 * As a cron does.
 *
 * @param periods between two runs, at least 1
 */
public record FixedPeriod(int periods) implements RetrainingPolicy {
    public FixedPeriod {
        if (periods < 1) {
            throw new IllegalArgumentException(
                    "at least 1 period lies between runs, not " + periods);
        }
    }

    @Override
    public Advice advise(Evidence evidence) {
        int age = evidence.course().period() - evidence.course().models().getLast();
        return Advice.plain(
                evidence,
                age >= periods,
                "the last run is %d periods old, one comes every %d".formatted(age, periods));
    }
}

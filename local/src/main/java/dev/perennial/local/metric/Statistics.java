package dev.perennial.local.metric;

import dev.perennial.local.template.AlarmResource.Statistic;

/**
 * What CloudWatch keeps of a period's values.
 *
 * @param count at least 1
 */
public record Statistics(double minimum, double maximum, double sum, long count) {
    public Statistics {
        if (count < 1) {
            throw new IllegalArgumentException("statistics of no values");
        }
    }

    static Statistics of(double value) {
        return new Statistics(value, value, value, 1);
    }

    Statistics and(Statistics other) {
        return new Statistics(
                Math.min(minimum, other.minimum),
                Math.max(maximum, other.maximum),
                sum + other.sum,
                count + other.count);
    }

    public double value(Statistic statistic) {
        return switch (statistic) {
            case Average -> sum / count;
            case Sum -> sum;
            case Minimum -> minimum;
            case Maximum -> maximum;
            case SampleCount -> count;
        };
    }
}

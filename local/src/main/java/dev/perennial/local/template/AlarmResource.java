package dev.perennial.local.template;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A CloudWatch alarm on one metric.
 *
 * @param evaluationPeriods N of "M out of N"
 * @param datapointsToAlarm M of "M out of N"
 * @param alarmActions ARNs of topics
 * @param okActions ARNs of topics
 */
public record AlarmResource(
        String name,
        String description,
        String namespace,
        String metric,
        Map<String, String> dimensions,
        Statistic statistic,
        Duration period,
        int evaluationPeriods,
        int datapointsToAlarm,
        double threshold,
        Comparison comparison,
        MissingData missingData,
        List<String> alarmActions,
        List<String> okActions) {
    public AlarmResource {
        dimensions = Map.copyOf(dimensions);
        alarmActions = List.copyOf(alarmActions);
        okActions = List.copyOf(okActions);
    }

    public String arn() {
        return ResourceType.ALARM.arnPrefix() + name;
    }

    /** Of a period's values. Spelt as in the template. */
    public enum Statistic {
        Average,
        Sum,
        Minimum,
        Maximum,
        SampleCount
    }

    /** When a datapoint breaches. Spelt as in the template. */
    public enum Comparison {
        GreaterThanOrEqualToThreshold,
        GreaterThanThreshold,
        LessThanThreshold,
        LessThanOrEqualToThreshold;

        public boolean breaches(double value, double threshold) {
            return switch (this) {
                case GreaterThanOrEqualToThreshold -> value >= threshold;
                case GreaterThanThreshold -> value > threshold;
                case LessThanThreshold -> value < threshold;
                case LessThanOrEqualToThreshold -> value <= threshold;
            };
        }
    }

    /** What stands for a period without values. Spelt as in the template. */
    public enum MissingData {
        breaching,
        notBreaching,
        ignore,
        missing
    }
}

package dev.perennial.local.metric;

import dev.perennial.local.template.AlarmResource;
import java.util.List;
import java.util.Optional;

/**
 * What an alarm's datapoints say. Follows the tables of CloudWatch's User Guide, "Configuring how
 * CloudWatch alarms treat missing data".
 *
 * @param datapoints of the evaluation range, the newest first; empty where there are no values
 */
record Evaluation(AlarmResource alarm, List<Optional<Double>> datapoints) {
    /**
     * CloudWatch looks further back than EvaluationPeriods where datapoints are missing. By how
     * much depends on the alarm; its documentation's examples have 5 for 3.
     */
    static final int FURTHER_BACK = 2;

    /**
     * The state that follows.
     *
     * @param current stays where the datapoints say nothing
     */
    AlarmState state(AlarmState current) {
        List<Double> real =
                datapoints.stream()
                        .flatMap(Optional::stream)
                        .limit(alarm.evaluationPeriods())
                        .toList();
        long breaching = real.stream().filter(this::breaches).count();
        int missing = alarm.evaluationPeriods() - real.size();
        int needed = alarm.datapointsToAlarm();
        if (breaching >= needed) {
            return AlarmState.ALARM;
        }
        if (missing == 0) {
            return AlarmState.OK;
        }
        return switch (alarm.missingData()) {
            case breaching -> breaching + missing >= needed ? AlarmState.ALARM : AlarmState.OK;
            case notBreaching -> AlarmState.OK;
            case ignore -> breaching < real.size() ? AlarmState.OK : current;
            case missing -> whereMissingIsMissing(real.size(), breaching, current);
        };
    }

    /**
     * Too few datapoints, all of them breaching: an alarm all the same if the oldest lies far
     * enough back, so that a gap doesn't hide it; CloudWatch's documentation leaves open what else
     * follows, and here the state stays.
     */
    private AlarmState whereMissingIsMissing(int real, long breaching, AlarmState current) {
        if (real == 0) {
            return AlarmState.INSUFFICIENT_DATA;
        }
        if (breaching < real) {
            return AlarmState.OK;
        }
        int oldest = 0;
        for (int age = 1; age <= datapoints.size(); age++) {
            if (datapoints.get(age - 1).isPresent()) {
                oldest = age;
            }
        }
        return oldest >= alarm.datapointsToAlarm() ? AlarmState.ALARM : current;
    }

    private boolean breaches(double value) {
        return alarm.comparison().breaches(value, alarm.threshold());
    }

    /** A sentence in CloudWatch's manner. */
    String reason(AlarmState state) {
        List<Double> real =
                datapoints.stream()
                        .flatMap(Optional::stream)
                        .limit(alarm.evaluationPeriods())
                        .toList();
        int missing = alarm.evaluationPeriods() - real.size();
        if (state == AlarmState.INSUFFICIENT_DATA) {
            return "Insufficient Data: %d datapoints were unknown.".formatted(missing);
        }
        long breaching = real.stream().filter(this::breaches).count();
        return "Threshold Crossed: %d out of the last %d datapoints %s %s the threshold (%s)%s."
                .formatted(
                        breaching,
                        alarm.evaluationPeriods(),
                        real,
                        alarm.comparison(),
                        alarm.threshold(),
                        missing == 0
                                ? ""
                                : "; %d were missing and treated as %s"
                                        .formatted(missing, alarm.missingData()));
    }
}

package dev.perennial.core.retrain;

/**
 * When a detector says that the live model's errors rose. Right after an abrupt drift a run trains
 * mostly on rows of before and takes them for normal, so one follow-up may be planned.
 *
 * @param followUp periods after an alarm's run at which another comes; 0: none
 */
public record OnAlarm(int followUp) implements RetrainingPolicy {
    public OnAlarm {
        if (followUp < 0) {
            throw new IllegalArgumentException("a follow-up comes after the run, not " + followUp);
        }
    }

    @Override
    public Advice advise(Evidence evidence) {
        int last = evidence.models().getLast();
        if (evidence.alarmed()) {
            return Advice.plain(evidence, true, "the live model's errors rose");
        }
        // A run that came exactly so long after another was a follow-up itself.
        boolean planned =
                followUp > 0
                        && last > 0
                        && evidence.period() - last == followUp
                        && (last == followUp || !evidence.models().contains(last - followUp));
        return Advice.plain(
                evidence,
                planned,
                planned ? "rows of the new concept have come since the last run" : "no alarm");
    }
}

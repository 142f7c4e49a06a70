package dev.perennial.core.retrain;

import java.util.List;

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
        if (evidence.alarmed()) {
            return Advice.plain(evidence, true, "the live model's errors rose");
        }
        List<Integer> runs = evidence.course().runs();
        int alarmed = evidence.course().period() - followUp;
        // A run that came exactly so long after another was a follow-up itself.
        boolean planned =
                followUp > 0
                        && !runs.isEmpty()
                        && runs.getLast() == alarmed
                        && !runs.contains(alarmed - followUp);
        return Advice.plain(
                evidence,
                planned,
                planned ? "rows of the new concept have come since the last run" : "no alarm");
    }
}

package dev.perennial.core.retrain;

import java.time.LocalDate;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * {@link BreakEven} without probes, as {@code trigger} weighs events about a champion that was
 * refitted: what the live model loses beyond what it lost itself when it went live ({@link
 * LiveLoss#ofRefitted}), against a run's price. Where the task itself gets harder it takes that for
 * aging.
 */
public record OwnErrors() implements RetrainingPolicy {
    /** Nothing is known but the losses themselves; their spread is measured on neighbours. */
    private static final LiveLoss.Tested UNTESTED = new LiveLoss.Tested(0, 0, 1);

    @Override
    public Advice advise(Evidence evidence) {
        Course course = evidence.course();
        int live = course.live();
        List<LiveLoss.Day> periods =
                IntStream.range(live, course.period())
                        .mapToObj(period -> {
                            LiveLoss.Day day =
                                    new LiveLoss.Day(LocalDate.ofEpochDay(period), 1, 0, 0);
                            return period < evidence.labelled()
                                    ? day.and(1, evidence.modelLoss(live, period))
                                    : day;
                        })
                        .toList();
        double lost =
                LiveLoss.ofRefitted(periods, UNTESTED)
                        .filter(loss -> loss.excess() > 0)
                        .map(loss -> loss.lostSince(LocalDate.EPOCH))
                        .orElse(0.0);
        return new Advice(
                lost >= evidence.price(),
                live,
                false,
                OptionalDouble.of(lost),
                "the live model has lost %.4f beyond what it lost when it was new, and a run costs %.4f"
                        .formatted(lost, evidence.price()));
    }
}

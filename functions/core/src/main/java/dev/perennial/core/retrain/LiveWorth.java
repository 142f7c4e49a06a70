package dev.perennial.core.retrain;

import java.time.LocalDate;
import java.util.Locale;

/**
 * By the live model's own errors, where no probe tells what a fresh one's would be.
 *
 * @param from the day of the last run: whatever came of it, what was lost before is paid for
 * @param errorUsd what one error costs; of a regression, one unit of absolute error
 * @param runUsd what a run costs, with all that people do for it
 */
public record LiveWorth(LiveLoss loss, LocalDate from, double errorUsd, double runUsd)
        implements Worth {
    /** What the champion lost beyond a fresh model since it began to, after the last run. */
    public double lostUsd() {
        return loss.lostSince(from) * errorUsd;
    }

    /** What it loses beyond a fresh model in a day; below 0 where it does better than tested. */
    public double perDayUsd() {
        return loss.excess() * loss.answersPerDay() * errorUsd;
    }

    /**
     * Whether a run should be paid for now: once the last one would have paid for itself. Whatever
     * comes, waiting then loses about as much as a run costs, as with skis that are rented until
     * they could have been bought; see {@link BreakEven}.
     */
    @Override
    public boolean pays() {
        return loss.excess() > 0 && lostUsd() >= runUsd;
    }

    @Override
    public String words() {
        if (loss.labelled() == 0) {
            return String.format(
                    Locale.ROOT,
                    "no label has come that tells what the live model loses; a run costs %.2f USD",
                    runUsd);
        }
        return String.format(
                Locale.ROOT,
                "the live model loses %.2f USD a day more than a fresh one (%.4f per answer, %,.0f answers a day), %.2f USD since it began to; a run costs %.2f USD",
                perDayUsd(),
                loss.excess(),
                loss.answersPerDay(),
                lostUsd(),
                runUsd);
    }
}

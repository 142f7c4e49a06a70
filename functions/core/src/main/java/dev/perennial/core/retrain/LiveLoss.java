package dev.perennial.core.retrain;

import dev.perennial.core.retrain.LocalLevel.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the champion loses beyond a fresh model, from its own errors of each day. No fresh model is
 * trained to know it: one is taken to lose what the champion did when it was tested, so where the
 * task itself gets harder this is too much until the next run.
 *
 * <p>The excess is a {@link LocalLevel} that starts at 0, seen through each day's labels. How fast
 * it wanders is what makes the days most likely; where they look like chance it doesn't, and the
 * excess is next to nothing.
 *
 * @param excess now, in losses per answer; below 0 where the champion does better than tested
 * @param lost the largest sum of the excess from some day up to now (Page 1954), in losses
 * @param answersPerDay the traffic
 * @param labelled answers that it is known from
 */
public record LiveLoss(double excess, double lost, double answersPerDay, long labelled) {
    /** Variances per day that are tried: this many halvings and doublings of a day's own noise. */
    private static final int HALVINGS = 12;

    private static final int DOUBLINGS = 12;

    /**
     * Labelled answers of one day.
     *
     * @param age days since the champion was tested, at least 0
     * @param answers whose label has come, at least 1
     * @param losses their sum
     */
    public record Day(int age, long answers, double losses) {}

    /**
     * What the champion did when it was tested.
     *
     * @param loss mean per row
     * @param variance long-run variance of one row's loss
     * @param rows that were tested
     */
    public record Tested(double loss, double variance, double rows) {}

    /**
     * Of a champion's days.
     *
     * @param days ascending by age
     * @return empty without a labelled answer
     */
    public static Optional<LiveLoss> of(List<Day> days, Tested tested, double answersPerDay) {
        if (days.isEmpty()) {
            return Optional.empty();
        }
        // A loss that can't vary as tested, such as none at all, is known no better than one row.
        double perRow = Math.max(tested.variance(), 1 / tested.rows());
        List<Sight> sights = new ArrayList<>();
        for (Day day : days) {
            sights.add(
                    new Sight(
                            day.age(),
                            day.losses() / day.answers() - tested.loss(),
                            perRow / day.answers()));
        }
        double[] levels =
                likeliest(sights, perRow / tested.rows()).means(sights, days.getLast().age() + 1);
        double lost = 0;
        for (double level : levels) {
            lost = Math.max(0, lost + level * answersPerDay);
        }
        return Optional.of(
                new LiveLoss(
                        levels[levels.length - 1],
                        lost,
                        answersPerDay,
                        days.stream().mapToLong(Day::answers).sum()));
    }

    private static LocalLevel likeliest(List<Sight> sights, double start) {
        double noise = sights.stream().mapToDouble(Sight::variance).average().orElseThrow();
        LocalLevel best = new LocalLevel(start, 0);
        double most = best.logLikelihood(sights);
        for (int power = -HALVINGS; power <= DOUBLINGS; power++) {
            LocalLevel level = new LocalLevel(start, Math.scalb(noise, power));
            double likelihood = level.logLikelihood(sights);
            if (likelihood > most) {
                most = likelihood;
                best = level;
            }
        }
        return best;
    }
}

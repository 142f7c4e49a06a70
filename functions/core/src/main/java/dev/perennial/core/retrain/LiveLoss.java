package dev.perennial.core.retrain;

import dev.perennial.core.retrain.LocalLevel.Sight;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the champion loses beyond a fresh model, from its own errors of each day. No fresh model is
 * trained to know it: one is taken to lose what the champion did when it was tested. Where the task
 * itself gets harder, or the test was lucky, that is too much.
 *
 * <p>The excess is a {@link LocalLevel} that starts at 0, seen through each day's labels. How fast
 * it wanders is what makes the days most likely; where they look like chance it doesn't, and the
 * excess is next to nothing.
 *
 * @param excess now, in losses per answer; below 0 where the champion does better than tested
 * @param days what each day that had answers added, ascending
 * @param labelled answers that it is known from; 0: nothing is known, and nothing counts as lost
 */
public record LiveLoss(double excess, List<Lost> days, long labelled) {
    /** Variances per day that are tried: this many halvings and doublings of a day's own noise. */
    private static final int HALVINGS = 12;

    private static final int DOUBLINGS = 12;

    /** Of a standard normal variable: the median of χ² with one degree of freedom. */
    private static final double MEDIAN_OF_SQUARES = 0.4549364;

    /** Variance of a level of which nothing is known, in those of one row's loss. */
    private static final double UNKNOWN_START = 1e3;

    /**
     * One day's.
     *
     * @param lost beyond a fresh model, in losses; below 0 where it lost less
     */
    public record Lost(LocalDate day, long answers, double lost) {}

    /**
     * What is known of one day.
     *
     * @param answers at least 1
     * @param labelled answers whose label has come
     * @param losses the sum of theirs
     */
    public record Day(LocalDate date, long answers, long labelled, double losses) {
        /** With more labels. */
        public Day and(long more, double theirLosses) {
            return new Day(date, answers, labelled + more, losses + theirLosses);
        }
    }

    /**
     * What the champion did when it was tested.
     *
     * @param loss mean per row
     * @param variance long-run variance of one row's loss
     * @param rows that were tested
     */
    public record Tested(double loss, double variance, double rows) {}

    public LiveLoss {
        days = List.copyOf(days);
    }

    /**
     * Of a champion's days; those without answers lose nothing, those without labels as much as
     * their neighbours tell.
     *
     * @param days ascending, from the one on which it became champion on; a version that was
     *     brought back counts from then
     * @return empty without an answer
     */
    public static Optional<LiveLoss> of(List<Day> days, Tested tested) {
        return days.isEmpty()
                ? Optional.empty()
                : Optional.of(sum(days, levels(days, tested, perRow(tested) / tested.rows())));
    }

    /**
     * The same of a champion that was trained again after its test, on newer rows: what was tested
     * is not what serves, so it is compared with what it did itself when it went live.
     */
    public static Optional<LiveLoss> ofRefitted(List<Day> days, Tested tested) {
        if (days.isEmpty()) {
            return Optional.empty();
        }
        double perRow = Math.max(perRow(tested), ofNeighbours(days));
        double[] levels =
                levels(
                        days,
                        new Tested(tested.loss(), perRow, tested.rows()),
                        UNKNOWN_START * perRow);
        double fresh = levels[0];
        return Optional.of(sum(days, Arrays.stream(levels).map(level -> level - fresh).toArray()));
    }

    /**
     * One row's variance as neighbouring days tell it: the median square of their difference, in
     * that of a standard normal variable, so a few jumps don't count.
     */
    private static double ofNeighbours(List<Day> days) {
        List<Day> labelled = days.stream().filter(day -> day.labelled() > 0).toList();
        double[] squares = new double[Math.max(0, labelled.size() - 1)];
        for (int i = 0; i < squares.length; i++) {
            Day day = labelled.get(i);
            Day next = labelled.get(i + 1);
            double difference = next.losses() / next.labelled() - day.losses() / day.labelled();
            squares[i] = difference * difference / (1.0 / day.labelled() + 1.0 / next.labelled());
        }
        Arrays.sort(squares);
        return squares.length == 0 ? 0 : squares[squares.length / 2] / MEDIAN_OF_SQUARES;
    }

    private static double perRow(Tested tested) {
        return Math.max(tested.variance(), Double.MIN_NORMAL);
    }

    /** By age the mean loss beyond the tested one; 0 where no label has come. */
    private static double[] levels(List<Day> days, Tested tested, double start) {
        LocalDate first = days.getFirst().date();
        List<Sight> sights = new ArrayList<>();
        for (Day day : days) {
            if (day.labelled() > 0) {
                sights.add(
                        new Sight(
                                age(first, day),
                                day.losses() / day.labelled() - tested.loss(),
                                perRow(tested) / day.labelled()));
            }
        }
        int ages = age(first, days.getLast()) + 1;
        return sights.isEmpty() ? new double[ages] : likeliest(sights, start).means(sights, ages);
    }

    private static LiveLoss sum(List<Day> days, double[] levels) {
        LocalDate first = days.getFirst().date();
        return new LiveLoss(
                levels[levels.length - 1],
                days.stream()
                        .map(day ->
                                new Lost(
                                        day.date(),
                                        day.answers(),
                                        levels[age(first, day)] * day.answers()))
                        .toList(),
                days.stream().mapToLong(Day::labelled).sum());
    }

    /**
     * The largest sum from some day up to now (Page 1954), in losses.
     *
     * @param from days before it don't count, such as those before the last run
     */
    public double lostSince(LocalDate from) {
        double sum = 0;
        for (Lost each : days) {
            sum = each.day().isBefore(from) ? 0 : Math.max(0, sum + each.lost());
        }
        return sum;
    }

    /** The traffic, in the mean of the days that had any. */
    public double answersPerDay() {
        return days.stream().mapToLong(Lost::answers).average().orElse(0);
    }

    private static int age(LocalDate first, Day day) {
        return (int) ChronoUnit.DAYS.between(first, day.date());
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

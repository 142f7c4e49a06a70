package dev.perennial.core.retrain;

import dev.perennial.core.retrain.LocalLevel.Sight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Retrains once the models served have lost, beyond models that are always fresh, what a run costs,
 * summed since whichever moment after the last run makes that most. With excess that grows linearly
 * this gives the period of the economic order quantity (Harris 1913); whatever comes, waiting loses
 * about as much as a run costs before it is paid, as with skis that are rented until they could
 * have been bought. Probes while what they could tell is worth more than they cost.
 *
 * <p>Nothing here is tuned: how fast models age and how noisy the sights of it are is estimated on
 * the stream itself ({@link Aging}).
 *
 * @param bringsBack whether a former model that does better on what came since serves again, for
 *     nothing; if not, none but the live model's losses on a period have to be known
 */
public record BreakEven(boolean bringsBack) implements RetrainingPolicy {
    /** So many probes show an excess in two neighbouring periods. */
    private static final int LEAST_PROBES = 4;

    /** Of fewer periods' losses no standard deviation is known. */
    private static final int LEAST_CHARTED = 5;

    /** Where nothing seems to move, a probe still looks so often, in periods. */
    private static final int MOST_BETWEEN_PROBES = 10;

    /**
     * What the live models lost beyond fresh ones.
     *
     * @param accumulated the largest sum over all periods from some moment since the last run up to
     *     and with the one that begins (Page 1954), in losses per row × periods
     * @param now of the live model
     */
    private record Excess(double accumulated, double now) {}

    @Override
    public Advice advise(Evidence evidence) {
        evidence.course().models().forEach(model -> requireProbe(evidence.course(), model));
        Aging aging = Aging.of(evidence);
        int live = bringsBack ? best(evidence, aging) : evidence.live();
        Excess excess = excess(evidence, aging, live);
        boolean retrain = excess.accumulated() >= evidence.price() && excess.now() > 0;
        return new Advice(
                retrain,
                live,
                retrain || probes(evidence, aging.times(scale(evidence, live))),
                OptionalDouble.of(excess.accumulated()),
                String.format(
                        Locale.ROOT,
                        "since the last run, %.4f periods' losses beyond a fresh model's; a run costs %.4f",
                        excess.accumulated(),
                        evidence.price()));
    }

    private static void requireProbe(Course course, int model) {
        if (!course.probes().contains(model)) {
            throw new IllegalArgumentException(
                    "the model of period %d has no probe that was trained with it; its excess can't be seen"
                            .formatted(model));
        }
    }

    /** The model that would lose least now, as far as the labelled periods tell. */
    private static int best(Evidence evidence, Aging aging) {
        int live = evidence.live();
        int best = live;
        double most = 0;
        for (int model : evidence.eligible()) {
            double advantage = model == live ? 0 : advantage(evidence, aging, live, model);
            if (advantage > most) {
                most = advantage;
                best = model;
            }
        }
        return best;
    }

    /** What the live model loses now beyond another; both wander since the younger was trained. */
    private static double advantage(Evidence evidence, Aging aging, int live, int other) {
        int younger = Math.max(live, other);
        Aging ofModels = aging.times(Math.sqrt(scale(evidence, live) * scale(evidence, other)));
        List<Sight> sights = new ArrayList<>();
        for (int period : evidence.telling(younger + 1)) {
            sights.add(ofModels.sight(period - younger, evidence.models(live, other, period)));
        }
        LocalLevel level =
                new LocalLevel(
                        ofModels.perPeriod() * Math.abs(live - other), 2 * ofModels.perPeriod());
        int age = evidence.course().period() - younger;
        return level.means(sights, age + 1)[age];
    }

    private static Excess excess(Evidence evidence, Aging aging, int live) {
        int paid = evidence.paid();
        if (paid > evidence.course().period()) {
            return new Excess(0, 0); // a run was paid in the period that begins
        }
        double[] lost = ofServed(evidence, aging, live, paid);
        double accumulated = 0;
        for (double each : lost) {
            accumulated = Math.max(0, accumulated + each);
        }
        return new Excess(accumulated, lost[lost.length - 1]);
    }

    /**
     * What the models that served lost beyond fresh ones, summed as {@link #advise} does it and
     * from 0 again after each run, but by all that is known now.
     *
     * @return by period, up to and with the one that begins; in losses per row × periods
     */
    public static double[] accumulated(Evidence evidence) {
        double[] sums = ofServed(evidence, Aging.of(evidence), evidence.live(), 0);
        for (int period = 1; period < sums.length; period++) {
            boolean isPaid =
                    evidence.course().models().contains(period) || evidence.paid() == period;
            sums[period] = Math.max(0, (isPaid ? 0 : sums[period - 1]) + sums[period]);
        }
        if (evidence.paid() == sums.length) {
            sums[sums.length - 1] = 0;
        }
        return sums;
    }

    /** The excess of whichever model served, by period from one on up to the one that begins. */
    private static double[] ofServed(Evidence evidence, Aging aging, int live, int from) {
        Course course = evidence.course();
        List<Integer> serving = new ArrayList<>(course.served().subList(from, course.period()));
        serving.add(live);
        Map<Integer, double[]> byModel = new HashMap<>();
        double[] excess = new double[serving.size()];
        for (int i = 0; i < excess.length; i++) {
            int model = serving.get(i);
            excess[i] =
                    byModel.computeIfAbsent(model, _ -> ofModel(evidence, aging, model))[
                            from + i - model];
        }
        return excess;
    }

    /** A model's excess at each age up to now, seen through the probe that was trained with it. */
    private static double[] ofModel(Evidence evidence, Aging aging, int model) {
        List<Sight> sights = new ArrayList<>();
        double scale = scale(evidence, model);
        for (int period : evidence.telling(model + 1)) {
            int age = evidence.course().freshest(period) - model;
            if (age > 0) {
                sights.add(aging.sight(age, evidence.probes(model, model + age, period)));
            }
        }
        double[] means =
                new LocalLevel(0, aging.perPeriod())
                        .means(sights, evidence.course().period() - model + 1);
        return Arrays.stream(means).map(mean -> mean * scale).toArray();
    }

    /** Probes are worse models than those they stand for, and what they differ by is larger. */
    private static double scale(Evidence evidence, int model) {
        double losses = 0;
        double ofProbe = 0;
        for (int period : evidence.telling(model)) {
            losses += evidence.modelLoss(model, period);
            ofProbe += evidence.probeLoss(model, period);
        }
        return ofProbe == 0 ? 1 : losses / ofProbe;
    }

    /**
     * Whether a probe is due. In g periods without one the accumulated excess has wandered by a
     * standard deviation of √(v·g³/3) that nobody saw (the integral of a random walk of variance v
     * per period). Deciding without knowing it costs at most {@link Aging#POSITIVE_PART} of that,
     * the expected gain of an informed choice at the point of indifference.
     */
    private static boolean probes(Evidence evidence, Aging aging) {
        Course course = evidence.course();
        int gap = course.period() - course.freshest(course.period());
        double unseen = Math.sqrt(aging.perPeriod() * gap * gap * gap / 3);
        return course.probes().size() < LEAST_PROBES
                || gap >= MOST_BETWEEN_PROBES
                || Aging.POSITIVE_PART * unseen >= evidence.probePrice()
                || outOfControl(evidence);
    }

    /**
     * Whether the live model lost more in the newest labelled period, which no probe has seen yet,
     * than it did before by three standard deviations (Shewhart 1931, <i>Economic Control of
     * Quality</i>). That says nothing of what a fresh model would have lost, but is free.
     */
    private static boolean outOfControl(Evidence evidence) {
        Course course = evidence.course();
        int live = evidence.live();
        int[] known = evidence.telling(live);
        if (known.length <= LEAST_CHARTED) {
            return false;
        }
        int newest = known[known.length - 1];
        int late = course.period() - evidence.labelled();
        boolean isSeen = course.freshest(course.period()) - late > newest;
        if (isSeen) {
            return false;
        }
        double[] losses =
                Arrays.stream(known)
                        .limit(known.length - 1)
                        .mapToDouble(at -> evidence.modelLoss(live, at))
                        .toArray();
        double mean = Arrays.stream(losses).average().orElseThrow();
        double variance =
                Arrays.stream(losses).map(loss -> (loss - mean) * (loss - mean)).sum()
                        / (losses.length - 1);
        return evidence.modelLoss(live, newest) > mean + 3 * Math.sqrt(variance);
    }
}

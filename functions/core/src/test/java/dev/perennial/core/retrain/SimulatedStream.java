package dev.perennial.core.retrain;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Evidence whose truth is known, and a player of policies over it. Labels come one period late, as
 * in the retraining protocol. What isn't known yet can't be asked for.
 */
final class SimulatedStream implements Evidence {
    private static final double ROWS = 400;

    private final double price;
    private final double noise;
    private final long seed;

    /** True loss of a model (by when it was trained) on a period. */
    private final BiFunction<Integer, Integer, Double> loss;

    private Course course = Course.BEGINNING;
    boolean alarmed;

    /** How many times a model's loss its probe loses. */
    double probes = 1;

    /**
     * @param noise standard deviation of a model's measured loss on one period
     */
    SimulatedStream(
            double price, double noise, long seed, BiFunction<Integer, Integer, Double> loss) {
        this.price = price;
        this.noise = noise;
        this.seed = seed;
        this.loss = loss;
    }

    /** Plays a policy for so many periods. */
    SimulatedStream play(RetrainingPolicy policy, int periods) {
        while (course.period() < periods) {
            step(policy);
        }
        return this;
    }

    void step(RetrainingPolicy policy) {
        // The first model that newer labels make possible goes live before period 2.
        follow((course.period() < 2 ? new Never() : policy).advise(this));
    }

    void follow(Advice advice) {
        course = course.after(advice);
    }

    List<Integer> runs() {
        return course.runs();
    }

    @Override
    public Course course() {
        return course;
    }

    @Override
    public int labelled() {
        return Math.max(0, course.period() - 1);
    }

    @Override
    public double price() {
        return price;
    }

    @Override
    public double probePrice() {
        return price / 200;
    }

    @Override
    public boolean alarmed() {
        return alarmed;
    }

    @Override
    public double modelLoss(int model, int period) {
        return seen(model, period);
    }

    @Override
    public double probeLoss(int probe, int period) {
        return probes * seen(probe, period);
    }

    @Override
    public Difference models(int model, int other, int period) {
        return new Difference(
                seen(model, period) - seen(other, period),
                Math.max(2 * noise * noise, 1 / ROWS / ROWS));
    }

    @Override
    public Difference probes(int probe, int other, int period) {
        Difference difference = models(probe, other, period);
        return new Difference(probes * difference.mean(), probes * probes * difference.variance());
    }

    private double seen(int model, int period) {
        if (period >= labelled() || model > period) {
            throw new IllegalArgumentException(
                    "model %d on period %d isn't known before period %d"
                            .formatted(model, period, course.period()));
        }
        SplittableRandom random = new SplittableRandom((seed * 1_000 + model) * 1_000 + period);
        return loss.apply(model, period) + noise * random.nextGaussian();
    }
}

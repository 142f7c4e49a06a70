package dev.perennial.core.retrain;

import java.util.ArrayList;
import java.util.List;

/**
 * What was trained and served so far. Models and probes go by the period before which they were
 * trained; 0 is what everything began with.
 *
 * @param models all that were ever live, ascending; never empty
 * @param served by period the model that served it; as many as have begun
 * @param probes ascending; {@link BreakEven} has one trained with each model that it starts
 */
public record Course(List<Integer> models, List<Integer> served, List<Integer> probes) {
    /** The first model and its probe, before the first period. */
    public static final Course BEGINNING = new Course(List.of(0), List.of(), List.of(0));

    public Course {
        models = List.copyOf(models);
        served = List.copyOf(served);
        probes = List.copyOf(probes);
    }

    /** The period that begins, from 0. */
    public int period() {
        return served.size();
    }

    /** The model that served the period before; the first one at the beginning. */
    public int live() {
        return served.isEmpty() ? models.getFirst() : served.getLast();
    }

    /** The models that a run was paid for: all but the first. */
    public List<Integer> runs() {
        return models.subList(1, models.size());
    }

    /** The newest probe that was trained before a period. */
    public int freshest(int period) {
        return probes.stream().filter(probe -> probe <= period).reduce(0, Math::max);
    }

    /** With one more period, in which the advice was followed. */
    public Course after(Advice advice) {
        return new Course(
                advice.retrain() ? and(models, period()) : models,
                and(served, advice.retrain() ? period() : advice.serve()),
                advice.probe() ? and(probes, period()) : probes);
    }

    private static List<Integer> and(List<Integer> numbers, int next) {
        List<Integer> all = new ArrayList<>(numbers);
        all.add(next);
        return all;
    }
}

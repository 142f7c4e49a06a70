package dev.perennial.core.retrain;

import java.util.List;

/**
 * What is known when a period of live traffic begins. Models and probes go by the period before
 * which they were trained; 0 is what everything began with. A probe is a small model, trained like
 * other probes but for its rows; what two probes differ by on the same live rows shows what fresher
 * rows are worth, at a fraction of a run's price (Mahadevan and Mathioudakis 2023 weigh the same
 * two costs, <i>Cost-aware retraining for machine learning</i>).
 */
public interface Evidence {
    /** The period that begins, from 0. */
    int period();

    /** All periods below this have their labels. */
    int labelled();

    /** What a run costs, in losses: 0.1 is the loss of a tenth of a period's rows. Above 0. */
    double price();

    /** What a probe costs, in the unit of {@link #price}; at least 0. */
    double probePrice();

    /** All models that were ever live, ascending; never empty. */
    List<Integer> models();

    /** By period the model that served it; as many as have begun before. */
    List<Integer> served();

    /** All probes, ascending. {@link BreakEven} has one trained with each model that it starts. */
    List<Integer> probes();

    /** Whether the live model's errors have set a detector off since it went live. */
    boolean alarmed();

    /** What one model lost beyond another on the rows of a labelled period. */
    Difference models(int model, int other, int period);

    /** What one probe lost beyond another on the rows of a labelled period. */
    Difference probes(int probe, int other, int period);

    /** A model's mean loss on the rows of a labelled period. */
    double modelLoss(int model, int period);

    /** A probe's mean loss on the rows of a labelled period. */
    double probeLoss(int probe, int period);

    /** The model that served the period before; the first one at the beginning. */
    default int live() {
        return served().isEmpty() ? models().getFirst() : served().getLast();
    }

    /** The newest probe that was trained before a period. */
    default int freshest(int period) {
        return probes().stream().filter(probe -> probe <= period).reduce(0, Math::max);
    }
}

package dev.perennial.core.retrain;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known when a period of live traffic begins. A probe is a small model, trained like other
 * probes but for its rows; what two probes differ by on the same live rows shows what fresher rows
 * are worth, at a fraction of a run's price (Mahadevan and Mathioudakis 2023 weigh the same two
 * costs, <i>Cost-aware retraining for machine learning</i>).
 */
public interface Evidence {
    /** What was trained and served up to the period that begins. */
    Course course();

    /** The model that serves as the period begins, unless the advice is otherwise. */
    default int live() {
        return course().live();
    }

    /** Those that may be brought back. */
    default List<Integer> eligible() {
        return course().models();
    }

    /** All periods below this have their labels. */
    int labelled();

    /** Whether a labelled period had any rows. */
    default boolean tells(int period) {
        return true;
    }

    /** The labelled periods from one on that had rows, ascending. */
    default int[] telling(int from) {
        return IntStream.range(from, labelled()).filter(this::tells).toArray();
    }

    /**
     * The period from which on losses count: what was lost before is paid for, by the run that made
     * the newest model or by one after it that came to nothing. It may be the one after that which
     * begins.
     */
    default int paid() {
        return course().models().getLast();
    }

    /** What a run costs, in losses: 0.1 is the loss of a tenth of a period's rows. Above 0. */
    double price();

    /** What a probe costs, in the unit of {@link #price}; at least 0. */
    double probePrice();

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
}

package dev.perennial.core.spec;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How candidates are made.
 *
 * @param candidates how many; the first of each look back has standard hyperparameters, the others
 *     are drawn
 * @param seed everything random in a run follows from it
 * @param rounds most trees per candidate (XGBoost) or most passes (linear)
 * @param earlyStopping rounds without a better validation loss after which training ends; 0: never
 * @param threads native threads; part of the spec because sums in another order give other bits
 * @param search where hyperparameters are drawn from; those absent keep their standard ranges
 * @param lookbacks which pasts candidates learn from in turn, at least one
 * @param average how many of the best candidates are averaged in one file; 1: the best alone
 * @param refit whether what passed the gates is trained again on the newest rows too
 */
public record TrainSpec(
        TrainerName trainer,
        int candidates,
        long seed,
        int rounds,
        int earlyStopping,
        int threads,
        Calibration calibration,
        Map<Hyperparameter, Range> search,
        List<Lookback> lookbacks,
        int average,
        boolean refit) {
    public TrainSpec {
        search = search.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(search));
        lookbacks = lookbacks.isEmpty() ? List.of(Lookback.ALL) : List.copyOf(lookbacks);
    }

    /** The same with another number of rounds. */
    public TrainSpec withRounds(int other) {
        return new TrainSpec(
                trainer,
                candidates,
                seed,
                other,
                earlyStopping,
                threads,
                calibration,
                search,
                lookbacks,
                average,
                refit);
    }
}

package dev.perennial.core.spec;

import java.util.EnumMap;
import java.util.Map;

/**
 * One thing to try: a trainer with its hyperparameters, and the past that it learns from.
 *
 * @param index 0-based, unique within a run
 * @param seed what the trainer's own randomness follows from
 * @param parameters every hyperparameter of the trainer
 */
public record Candidate(
        int index,
        TrainerName trainer,
        long seed,
        Map<Hyperparameter, Double> parameters,
        Lookback lookback) {
    public Candidate {
        parameters = Map.copyOf(new EnumMap<>(parameters));
        if (!parameters.keySet().containsAll(Hyperparameter.of(trainer))) {
            throw new IllegalArgumentException(
                    "candidate %d lacks hyperparameters of %s: %s"
                            .formatted(index, trainer, parameters));
        }
    }

    public double parameter(Hyperparameter hyperparameter) {
        Double value = parameters.get(hyperparameter);
        if (value == null) {
            throw new IllegalArgumentException(
                    "candidate %d has no %s".formatted(index, hyperparameter.key()));
        }
        return value;
    }
}

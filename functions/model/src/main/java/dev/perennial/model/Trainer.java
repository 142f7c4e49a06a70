package dev.perennial.model;

import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.TrainSpec;
import dev.perennial.core.spec.TrainerName;

/** Trains one candidate. The same input gives the same model, bit for bit. */
public sealed interface Trainer permits XgboostTrainer, LinearTrainer {
    /**
     * Trains.
     *
     * @param validation decides when to stop; never trained on
     * @throws ModelException if the data can't be trained on
     */
    TrainedModel train(
            Candidate candidate, TrainSpec spec, TrainingMatrix train, TrainingMatrix validation);

    static Trainer of(TrainerName name) {
        return switch (name) {
            case XGBOOST -> new XgboostTrainer();
            case LINEAR -> new LinearTrainer();
        };
    }
}

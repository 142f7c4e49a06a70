package dev.perennial.evaluate;

import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.evaluation.Evaluation.Former;
import dev.perennial.core.evaluation.Evaluation.FormerScore;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.store.ArtifactStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Champions of before, on the rows that candidates are chosen by: what is true comes back, and a
 * model that knew it already costs nothing.
 */
final class FormerChampions {
    /** Each is read, and predicts the validation rows. */
    static final int MOST = 10;

    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    FormerChampions(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    /**
     * Lets the newest {@value #MOST} compete with the best candidate.
     *
     * @param run that trained it; what it has promoted itself doesn't compete
     * @param toBeat the candidate's validation loss
     */
    Former compete(String pipeline, String run, HeldOutRows validation, double toBeat) {
        List<FormerScore> scores =
                registry.formerChampions(pipeline, run).stream()
                        .limit(MOST)
                        .flatMap(version -> registry.version(pipeline, version).stream())
                        .map(version -> score(RegisteredModel.read(artifacts, version), validation))
                        .toList();
        OptionalInt recalled = OptionalInt.empty();
        double least = toBeat;
        for (FormerScore each : scores) {
            double loss = each.validationLoss().orElse(Double.POSITIVE_INFINITY);
            if (loss < least) {
                least = loss;
                recalled = OptionalInt.of(each.version());
            }
        }
        return new Former(scores, recalled);
    }

    private static FormerScore score(RegisteredModel model, HeldOutRows validation) {
        Opponent opponent = validation.registered(model);
        return new FormerScore(
                model.number(),
                opponent.predictions()
                        .map(Metric.loss(validation.targets().task())::of)
                        .orElse(OptionalDouble.empty()),
                opponent.predictions().isPresent()
                        ? Optional.empty()
                        : Optional.of(opponent.obstacle()));
    }
}

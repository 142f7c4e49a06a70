package dev.perennial.evaluate;

import dev.perennial.core.error.PermanentException;
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
     * Lets the newest {@value #MOST} compete with what the run puts forward, and with the champion:
     * one that left has to be better than the one that it left to.
     *
     * @param run that trained the candidate; what it has promoted itself doesn't compete
     * @param toBeat the candidate's validation loss
     */
    Former compete(String pipeline, String run, HeldOutRows validation, double toBeat) {
        List<FormerScore> scores =
                registry.formerChampions(pipeline, run).stream()
                        .limit(MOST)
                        .map(version -> score(pipeline, version, validation))
                        .toList();
        OptionalInt recalled = OptionalInt.empty();
        double least =
                scores.isEmpty() ? toBeat : Math.min(toBeat, champions(pipeline, run, validation));
        for (FormerScore each : scores) {
            double loss = each.validationLoss().orElse(Double.POSITIVE_INFINITY);
            if (loss < least) {
                least = loss;
                recalled = OptionalInt.of(each.version());
            }
        }
        return new Former(scores, recalled);
    }

    /** What serves again is measured: a file that was judged may know another concept. */
    private FormerScore score(String pipeline, int version, HeldOutRows validation) {
        try {
            Opponent opponent =
                    validation.registered(
                            RegisteredModel.serving(
                                    artifacts, registry.version(pipeline, version).orElseThrow()));
            return new FormerScore(
                    version,
                    loss(opponent, validation),
                    opponent.predictions().isPresent()
                            ? Optional.empty()
                            : Optional.of(opponent.obstacle()));
        } catch (PermanentException unreadable) { // no run fails for a model that is history
            return new FormerScore(
                    version,
                    OptionalDouble.empty(),
                    Optional.of(String.valueOf(unreadable.getMessage())));
        }
    }

    private double champions(String pipeline, String run, HeldOutRows validation) {
        return registry.championBefore(pipeline, run)
                .flatMap(alias -> registry.version(pipeline, alias.version()))
                .map(version -> validation.registered(RegisteredModel.judged(artifacts, version)))
                .map(opponent -> loss(opponent, validation).orElse(Double.POSITIVE_INFINITY))
                .orElse(Double.POSITIVE_INFINITY);
    }

    private static OptionalDouble loss(Opponent opponent, HeldOutRows validation) {
        return opponent.predictions()
                .map(Metric.loss(validation.targets().task())::of)
                .orElse(OptionalDouble.empty());
    }
}

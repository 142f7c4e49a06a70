package dev.perennial.evaluate;

import dev.perennial.core.error.PermanentException;
import dev.perennial.core.evaluation.Comparison.Opponent;
import dev.perennial.core.evaluation.Evaluation.Former;
import dev.perennial.core.evaluation.Evaluation.FormerScore;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.PairedLoss;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.store.ArtifactStore;
import java.util.Comparator;
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

    /** That none of them beats the candidate by luck alone, all of them together. */
    private static final double CONFIDENCE = 0.975;

    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    FormerChampions(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    /**
     * One of them on the validation rows.
     *
     * @param predictions empty where it can't predict them
     */
    private record Scored(FormerScore score, Optional<Predictions> predictions) {
        double loss() {
            return score.validationLoss().orElse(Double.POSITIVE_INFINITY);
        }
    }

    /**
     * Lets the newest {@value #MOST} compete. What is called back is better than the candidate by
     * more than chance: among ten models one is better by luck, and a fresh one has seen more. And
     * it is better than the champion: one that left has to beat the one that it left to.
     *
     * @param run that trained the candidate; what it has promoted itself doesn't compete
     * @param candidate what the run puts forward
     * @param loss tells chance from merit on these
     */
    Former compete(
            String pipeline,
            String run,
            HeldOutRows validation,
            Entrant candidate,
            PairedLoss loss) {
        List<Scored> former =
                registry.formerChampions(pipeline, run).stream()
                        .limit(MOST)
                        .map(version -> score(pipeline, version, validation))
                        .toList();
        List<Scored> competing =
                former.stream().filter(each -> each.predictions().isPresent()).toList();
        return new Former(
                former.stream().map(Scored::score).toList(),
                competing.isEmpty()
                        ? OptionalInt.empty()
                        : recalled(
                                competing,
                                champions(pipeline, run, validation),
                                validation.predictions(candidate.onnx()),
                                loss));
    }

    private static OptionalInt recalled(
            List<Scored> competing, double champions, Predictions candidate, PairedLoss loss) {
        double candidates = Metric.loss(loss.task()).of(candidate).orElseThrow();
        double confidence = 1 - (1 - CONFIDENCE) / competing.size();
        return competing.stream()
                .filter(each -> each.loss() < Math.min(champions, candidates))
                .filter(each ->
                        loss.isLess(each.predictions().orElseThrow(), candidate, confidence))
                .min(Comparator.comparingDouble(Scored::loss))
                .map(each -> OptionalInt.of(each.score().version()))
                .orElse(OptionalInt.empty());
    }

    /** What serves again is measured: a file that was judged may know another concept. */
    private Scored score(String pipeline, int version, HeldOutRows validation) {
        try {
            Opponent opponent =
                    validation.registered(
                            RegisteredModel.serving(
                                    artifacts, registry.version(pipeline, version).orElseThrow()));
            return new Scored(
                    new FormerScore(
                            version,
                            loss(opponent, validation),
                            opponent.predictions().isPresent()
                                    ? Optional.empty()
                                    : Optional.of(opponent.obstacle())),
                    opponent.predictions());
        } catch (PermanentException unreadable) { // no run fails for a model that is history
            return new Scored(
                    new FormerScore(
                            version,
                            OptionalDouble.empty(),
                            Optional.of(String.valueOf(unreadable.getMessage()))),
                    Optional.empty());
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

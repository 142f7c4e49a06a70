package dev.perennial.evaluate;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Step;
import dev.perennial.core.evaluation.Comparison;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.Average;
import dev.perennial.core.evaluation.Evaluation.CandidateScore;
import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.evaluation.Evaluation.Former;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.evaluation.Evaluation.ModelScore;
import dev.perennial.core.evaluation.Evaluation.ParityScore;
import dev.perennial.core.evaluation.Evaluation.Rows;
import dev.perennial.core.evaluation.Gates;
import dev.perennial.core.evaluation.Predicted;
import dev.perennial.core.evaluation.PreviousLabel;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Interval;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.registry.Alias;
import dev.perennial.core.registry.ModelRegistry;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.run.FailureCause;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.Hyperparameter;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.step.Evaluate;
import dev.perennial.core.step.Refit;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.model.Parity;
import dev.perennial.model.ParityException;
import dev.perennial.model.Predictor;
import dev.perennial.model.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Chooses by validation loss, then measures on the test rows, which nothing has seen, through the
 * ONNX files themselves.
 */
final class EvaluateStep implements Step<Evaluate.Input, Evaluate.Output> {
    private final ArtifactStore artifacts;
    private final ModelRegistry registry;

    EvaluateStep(ArtifactStore artifacts, ModelRegistry registry) {
        this.artifacts = artifacts;
        this.registry = registry;
    }

    @Override
    public Evaluate.Output apply(Evaluate.Input input) {
        PipelineSpec spec = Snapshots.spec(artifacts, input.spec());
        Table rows =
                LabelledRows.of(spec, Snapshots.table(artifacts, input.snapshot(), spec.schema()));
        TimeSplit split = input.split();
        Targets targets = Targets.of(spec, rows);
        HeldOutRows test = HeldOutRows.of(spec, rows, targets, split.test(), split.rows());

        HeldOutRows validation =
                HeldOutRows.of(spec, rows, targets, split.validation(), split.validationEnd());
        Entrant entrant = Entrant.of(artifacts, spec.train(), input.candidates(), validation);
        Former former =
                new FormerChampions(artifacts, registry)
                        .compete(
                                input.pipeline(),
                                input.run(),
                                validation,
                                entrant.validationLoss());
        Contender contender =
                former.recalled().isPresent()
                        ? recalled(input.pipeline(), former.recalled().getAsInt(), test)
                        : trained(entrant, test, spec, rows.range(0, split.trainEnd()));

        Optional<Alias> alias = registry.championBefore(input.pipeline(), input.run());
        Optional<ModelVersion> champion =
                alias.flatMap(each -> registry.version(input.pipeline(), each.version()));
        Comparison comparison =
                new Comparison(
                        spec,
                        test.table(),
                        contender.predictions(),
                        champion.map(version ->
                                test.registered(RegisteredModel.judged(artifacts, version))),
                        baseline(input.candidates())
                                .map(linear -> test.predictions(artifacts.read(linear.model()))),
                        PreviousLabel.of(spec, rows, targets.classes(), targets.values(), split));
        List<ModelScore> scores = comparison.scores();
        List<GateResult> gates = Gates.decide(spec.gates(), comparison);
        Evaluation evaluation =
                new Evaluation(
                        spec.task(),
                        targets.classes(),
                        rows(rows, spec, split),
                        scores(input.candidates()),
                        entrant.best().candidate().index(),
                        entrant.averaged() ? Optional.of(average(entrant)) : Optional.empty(),
                        Optional.of(former),
                        champion.map(version -> OptionalInt.of(version.version()))
                                .orElse(OptionalInt.empty()),
                        alias.map(Alias::revision).orElse(0),
                        scores,
                        comparison.resampling(),
                        contender.parity(),
                        comparison.curve(),
                        Optional.of(
                                Predicted.of(
                                        contender.predictions(),
                                        windowRows(spec, rows),
                                        contender.expectedErrors(),
                                        contender
                                                .slices()
                                                .map(each ->
                                                        each.errors(
                                                                test.table(),
                                                                contender
                                                                        .predictions()
                                                                        .errors())))),
                        comparison.slices(),
                        contender.importance(),
                        gates,
                        gates.stream().allMatch(GateResult::passed));
        ArtifactRef model =
                entrant.averaged()
                        ? artifacts.put(
                                Keys.step(input.run(), "evaluate", "model.onnx"),
                                entrant.onnx(),
                                "application/onnx")
                        : entrant.best().trained().orElseThrow().model();
        ArtifactRef written =
                artifacts.put(
                        Keys.step(input.run(), "evaluate", "evaluation.json"),
                        Json.pretty(evaluation),
                        "application/json");
        return new Evaluate.Output(
                evaluation.accepted(),
                written,
                model,
                former.recalled(),
                recipe(spec, entrant, model),
                evaluation.championRevision(),
                estimates(scores));
    }

    private static int windowRows(PipelineSpec spec, Table rows) {
        return spec.drift().windowRows(EventTime.perDay(rows.time(spec.time()).micros()));
    }

    /** By its most important features; personal ones aren't captured live. */
    private static Slices slices(PipelineSpec spec, Table training, List<FeatureShare> importance) {
        Set<String> captured =
                spec.features().stream()
                        .filter(each -> !each.personal())
                        .map(FeatureSpec::name)
                        .collect(Collectors.toSet());
        return Slices.of(
                training,
                importance.stream().map(FeatureShare::feature).filter(captured::contains).toList());
    }

    private static Average average(Entrant entrant) {
        return new Average(
                entrant.members().stream().map(each -> each.candidate().index()).toList(),
                entrant.validationLoss());
    }

    private static Optional<Refit.Recipe> recipe(
            PipelineSpec spec, Entrant entrant, ArtifactRef model) {
        if (!spec.train().refit()) {
            return Optional.empty();
        }
        return Optional.of(
                new Refit.Recipe(
                        entrant.members().stream()
                                .map(each ->
                                        new Refit.Member(
                                                each.candidate(),
                                                each.trained().orElseThrow().rounds()))
                                .toList(),
                        model));
    }

    /** What is measured on the test rows, and has to pass the gates. */
    private record Contender(
            Predictions predictions,
            Optional<double[]> expectedErrors,
            Optional<ParityScore> parity,
            List<FeatureShare> importance,
            Optional<Slices> slices) {}

    private Contender trained(
            Entrant entrant, HeldOutRows test, PipelineSpec spec, Table training) {
        Predictor.Answers answers = test.answer(entrant.onnx());
        Predictions predictions = test.targets().beside(answers.predictions());
        List<FeatureShare> importance = entrant.importance(artifacts);
        return new Contender(
                predictions,
                answers.expectedErrors(),
                Optional.of(parity(entrant, test, predictions)),
                importance,
                Optional.of(slices(spec, training, importance)));
    }

    private Contender recalled(String pipeline, int version, HeldOutRows test) {
        RegisteredModel model =
                RegisteredModel.serving(
                        artifacts, registry.version(pipeline, version).orElseThrow());
        return new Contender(
                test.registered(model).predictions().orElseThrow(),
                test.targets().task() == Task.REGRESSION
                        ? test.answer(model.onnx()).expectedErrors()
                        : Optional.empty(),
                Optional.empty(),
                model.importance(),
                model.slices());
    }

    private static Optional<Train.Trained> baseline(List<Train.Output> candidates) {
        return candidates.getLast().trained();
    }

    private ParityScore parity(Entrant entrant, HeldOutRows test, Predictions candidate) {
        Parity parity = test.parity(entrant.reference(artifacts), candidate);
        if (!parity.holds()) {
            throw new ParityException(entrant.name(), parity);
        }
        return new ParityScore(parity.difference(), Parity.ALLOWED, test.rows());
    }

    private static Rows rows(Table rows, PipelineSpec spec, TimeSplit split) {
        long[] micros = rows.time(spec.time()).micros();
        return new Rows(
                split.trainRows(),
                split.validationRows(),
                split.testRows(),
                split.gapRows(),
                EventTime.instant(micros[split.validation()]),
                EventTime.instant(micros[split.test()]));
    }

    private static List<CandidateScore> scores(List<Train.Output> candidates) {
        return candidates.stream()
                .map(output -> {
                    Map<String, Double> parameters = new LinkedHashMap<>();
                    for (Hyperparameter each : Hyperparameter.of(output.candidate().trainer())) {
                        parameters.put(each.key(), output.candidate().parameter(each));
                    }
                    return new CandidateScore(
                            output.candidate().index(),
                            output.candidate().trainer(),
                            parameters,
                            Optional.of(output.candidate().lookback()),
                            output.trained()
                                    .map(each -> OptionalDouble.of(each.validationLoss()))
                                    .orElse(OptionalDouble.empty()),
                            output.trained().map(Train.Trained::rounds).orElse(0),
                            output.failure()
                                    .map(failure ->
                                            failure.error()
                                                    + ": "
                                                    + FailureCause.sentence(failure.cause())));
                })
                .toList();
    }

    private static Map<String, Double> estimates(List<ModelScore> scores) {
        Map<String, Double> estimates = new TreeMap<>();
        Map<String, Interval> candidate = scores.getFirst().metrics();
        candidate.forEach((metric, interval) -> estimates.put(metric, interval.estimate()));
        return estimates;
    }
}

package dev.perennial.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.Snapshots;
import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.evaluation.Evaluation;
import dev.perennial.core.evaluation.Evaluation.FeatureShare;
import dev.perennial.core.evaluation.Evaluation.GateResult;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.step.Evaluate;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactCorruptedException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Preparation;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EvaluateStepTest {
    private static final String VERSUS_CHAMPION =
            Rows.spec("shop") + "  - {metric: auc, versus: champion, confidence: 0.9}\n";

    /** A run whose candidates are trained. */
    private static final class Trained {
        final SampleRun run;
        final TimeSplit split;
        final List<Train.Output> candidates = new ArrayList<>();

        Trained(String yaml) {
            run = new SampleRun(yaml, Rows.csv(1_500, 1));
            PipelineSpec spec = run.pipeline();
            Table rows = Snapshots.table(run.artifacts(), run.snapshot(), spec.schema());
            split = TimeSplit.of(rows.time(spec.time()).micros(), spec.split());
            Targets targets = Targets.of(spec, rows);
            Preparation preparation =
                    Preparation.fit(
                            spec.features(),
                            rows.range(0, split.validation()),
                            targets.range(0, split.validation()));
            TrainingMatrix matrix = preparation.matrix(rows, targets, 1);
            for (Candidate candidate : SearchSpace.draw(spec.train())) {
                candidates.add(train(candidate, spec, preparation, matrix));
            }
        }

        private Train.Output train(
                Candidate candidate,
                PipelineSpec spec,
                Preparation preparation,
                TrainingMatrix matrix) {
            TrainingMatrix validation = matrix.range(split.validation(), split.test());
            TrainedModel model =
                    Trainer.of(candidate.trainer())
                            .train(
                                    candidate,
                                    spec.train(),
                                    matrix.range(0, split.validation()),
                                    validation);
            float[] scores = model.predict(validation);
            Calibrator calibrator =
                    Calibrator.fit(spec.train().calibration(), scores, validation.targets());
            TrainingMatrix test = matrix.range(split.test(), split.rows());
            String name = "candidate-" + candidate.index();
            return new Train.Output(
                    candidate,
                    Optional.of(
                            new Train.Trained(
                                    run.put(
                                            name + ".onnx",
                                            OnnxModel.write(
                                                    preparation,
                                                    model,
                                                    calibrator,
                                                    matrix.targets().classes())),
                                    run.put(
                                            name + "-reference",
                                            Json.write(
                                                    calibrator.probabilities(
                                                            model.predict(test), test.rows()))),
                                    run.put(
                                            name + "-importance",
                                            Json.write(List.of(new FeatureShare("size", 1)))),
                                    calibrator.loss(scores, validation.targets()),
                                    model.rounds())),
                    Optional.empty());
        }

        void fails(int index) {
            candidates.set(
                    index,
                    new Train.Output(
                            candidates.get(index).candidate(),
                            Optional.empty(),
                            Optional.of(new Train.Failure("Boom", "out of luck"))));
        }

        Evaluate.Output evaluate() {
            return new EvaluateStep(run.artifacts(), run.registry())
                    .apply(
                            new Evaluate.Input(
                                    SampleRun.RUN,
                                    SampleRun.PIPELINE,
                                    run.spec(),
                                    run.snapshot(),
                                    split,
                                    candidates));
        }

        Evaluation evaluation(Evaluate.Output output) {
            return Json.read(
                    "evaluation", run.artifacts().read(output.evaluation()), Evaluation.class);
        }

        Train.Trained trained(int index) {
            return candidates.get(index).trained().orElseThrow();
        }
    }

    @Test
    void bestByValidationLoss_isMeasuredBesideTheBaselines() {
        Trained trained = new Trained(Rows.spec("shop"));

        Evaluate.Output output = trained.evaluate();

        int best =
                trained.trained(0).validationLoss() <= trained.trained(1).validationLoss() ? 0 : 1;
        Evaluation evaluation = trained.evaluation(output);
        assertEquals(best, evaluation.chosen());
        assertEquals(trained.trained(best).model(), output.model());
        assertTrue(output.accepted());
        assertEquals(
                List.of("candidate", "linear", "previousLabel"),
                evaluation.scores().stream().map(Evaluation.ModelScore::model).toList());
        assertEquals(OptionalInt.empty(), evaluation.championVersion());
        assertEquals(0, output.championRevision());
        assertEquals(output, trained.evaluate(), "the same bytes again");
    }

    @Test
    void firstModel_stillHasToPassItsAbsoluteGates() {
        Trained trained = new Trained(Rows.spec("shop").replace("min: 0.6", "min: 0.999"));

        Evaluate.Output output = trained.evaluate();

        assertFalse(output.accepted());
        GateResult gate = trained.evaluation(output).gates().getFirst();
        assertFalse(gate.passed());
        assertTrue(gate.found().startsWith("0."), gate::found);
    }

    @Test
    void champion_isMeasuredOnTheSameRows_andATwinDoesNotBeatIt() {
        Trained trained = new Trained(VERSUS_CHAMPION);
        Trained twin = new Trained(VERSUS_CHAMPION);
        int best = twin.evaluation(twin.evaluate()).chosen();
        ModelVersion champion =
                trained.run.champion(
                        "earlier", trained.trained(best).model(), trained.trained(best).model());

        Evaluate.Output output = trained.evaluate();

        Evaluation evaluation = trained.evaluation(output);
        assertFalse(output.accepted(), "no better is not enough");
        assertEquals(OptionalInt.of(champion.version()), evaluation.championVersion());
        assertEquals(1, output.championRevision());
        assertEquals(
                evaluation.score(Evaluation.CANDIDATE).orElseThrow().metrics(),
                evaluation.score(Evaluation.CHAMPION).orElseThrow().metrics());
    }

    @Test
    void runThatWasPromotedAlready_isJudgedAgainAsBefore() {
        Trained trained = new Trained(VERSUS_CHAMPION);
        Evaluate.Output before = trained.evaluate();

        trained.run.champion(SampleRun.RUN, before.model(), before.model());

        assertEquals(before, trained.evaluate());
    }

    @Test
    void failedCandidate_isKeptWithItsReason_andTheOthersCompete() {
        Trained trained = new Trained(Rows.spec("shop"));
        trained.fails(0);

        Evaluation evaluation = trained.evaluation(trained.evaluate());

        assertEquals(1, evaluation.chosen());
        assertEquals(
                Optional.of("Boom: out of luck"), evaluation.candidates().getFirst().failure());
    }

    @Test
    void noCandidateAtAll_isAFailure_evenWithABaseline() {
        Trained trained = new Trained(Rows.spec("shop"));
        trained.fails(0);
        trained.fails(1);

        assertThrows(NoCandidateException.class, trained::evaluate);
    }

    @Test
    void baselineThatFailed_isLeftOut() {
        Trained trained = new Trained(Rows.spec("shop"));
        trained.fails(2);

        assertEquals(
                Optional.empty(), trained.evaluation(trained.evaluate()).score(Evaluation.LINEAR));
    }

    @Test
    void fileThatPredictsOtherwiseThanItsTrainer_neverPasses() {
        Trained trained = new Trained(Rows.spec("shop"));
        for (int i = 0; i < 2; i++) {
            Train.Trained good = trained.trained(i);
            double[][] reference =
                    Json.read(
                            "reference",
                            trained.run.artifacts().read(good.reference()),
                            double[][].class);
            reference[5][0] += 1e-4;
            trained.candidates.set(
                    i,
                    new Train.Output(
                            trained.candidates.get(i).candidate(),
                            Optional.of(
                                    new Train.Trained(
                                            good.model(),
                                            trained.run.put("wrong-" + i, Json.write(reference)),
                                            good.importance(),
                                            good.validationLoss(),
                                            good.rounds())),
                            Optional.empty()));
        }

        assertTrue(
                assertThrows(ParityException.class, trained::evaluate)
                        .getMessage()
                        .contains("test row 5"));
    }

    @Test
    void championWhoseFileIsDamaged_isNamed_notSkipped() {
        Trained trained = new Trained(Rows.spec("shop"));
        ArtifactRef model = trained.run.put("old.onnx", new byte[] {1, 2, 3});
        trained.run.champion("earlier", model, model);
        trained.run.damage(model);

        assertTrue(
                assertThrows(ArtifactCorruptedException.class, trained::evaluate)
                        .getMessage()
                        .contains("old.onnx"));
    }
}

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
import dev.perennial.core.split.LabelledRows;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.step.Evaluate;
import dev.perennial.core.step.Refit;
import dev.perennial.core.step.Train;
import dev.perennial.core.store.ArtifactCorruptedException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.ParityException;
import dev.perennial.model.PredictionMatrix;
import dev.perennial.model.Preparation;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluateStepTest {
    private static final String VERSUS_CHAMPION =
            Rows.spec("shop") + "  - {metric: auc, versus: champion, confidence: 0.9}\n";

    /** A run whose candidates are trained. */
    private static final class Trained {
        final SampleRun run;
        final TimeSplit split;
        final List<Train.Output> candidates = new ArrayList<>();

        Trained(String yaml) {
            this(yaml, Rows.csv(1_500, 1));
        }

        Trained(String yaml, String csv) {
            run = new SampleRun(yaml, csv);
            PipelineSpec spec = run.pipeline();
            Table rows =
                    LabelledRows.of(
                            spec, Snapshots.table(run.artifacts(), run.snapshot(), spec.schema()));
            split =
                    TimeSplit.of(
                            rows.time(spec.time()).micros(), spec.split(), spec.label().delay());
            Targets targets = Targets.of(spec, rows);
            Preparation preparation =
                    Preparation.fit(
                            spec.features(),
                            rows.range(0, split.trainEnd()),
                            targets.range(0, split.trainEnd()));
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
            TrainingMatrix validation = matrix.range(split.validation(), split.validationEnd());
            TrainedModel model =
                    Trainer.of(candidate.trainer())
                            .train(
                                    candidate,
                                    spec.train(),
                                    matrix.range(0, split.trainEnd()),
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
                                            PredictionMatrix.toBytes(
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
    void specThatWantsARefit_getsTheRecipeOfTheBest() {
        Trained trained =
                new Trained(Rows.spec("shop").replace("threads: 1", "threads: 1, refit: true"));

        Evaluate.Output output = trained.evaluate();

        int best = trained.evaluation(output).chosen();
        Refit.Recipe recipe = output.refit().orElseThrow();
        assertEquals(
                List.of(
                        new Refit.Member(
                                trained.candidates.get(best).candidate(),
                                trained.trained(best).rounds())),
                recipe.members());
        assertEquals(trained.trained(best).model(), recipe.judged());
        assertEquals(Optional.empty(), new Trained(Rows.spec("shop")).evaluate().refit());
    }

    @Test
    void averageOfTheBest_isWhatIsJudged_andItsMembersAreTheRecipe() {
        Trained trained =
                new Trained(
                        Rows.spec("shop")
                                .replace(
                                        "candidates: 2", "candidates: 4, average: 2, refit: true"));
        trained.fails(1);

        Evaluate.Output output = trained.evaluate();

        Evaluation evaluation = trained.evaluation(output);
        Evaluation.Average average = evaluation.average().orElseThrow();
        List<Integer> byLoss = new ArrayList<>(List.of(0, 2, 3));
        byLoss.sort(Comparator.comparingDouble(i -> trained.trained(i).validationLoss()));
        assertEquals(byLoss.subList(0, 2), average.candidates());
        assertEquals(byLoss.getFirst(), evaluation.chosen());
        assertTrue(
                average.validationLoss() < trained.trained(byLoss.get(1)).validationLoss(),
                "by convexity, but for what the calibration of so few rows adds");
        assertEquals("runs/" + SampleRun.RUN + "/evaluate/model.onnx", output.model().key());
        Refit.Recipe recipe = output.refit().orElseThrow();
        assertEquals(output.model(), recipe.judged());
        assertEquals(
                average.candidates(),
                recipe.members().stream().map(each -> each.candidate().index()).toList());
        assertEquals(1, evaluation.importance().getFirst().share(), 1e-12);
        assertTrue(evaluation.parity().isPresent());
        assertEquals(output, trained.evaluate(), "the same bytes again");
    }

    @Test
    void oneThatIsLeftOfThoseToAverage_isJudgedAlone() {
        Trained trained =
                new Trained(
                        Rows.spec("shop").replace("candidates: 2", "candidates: 2, average: 2"));
        trained.fails(0);

        Evaluate.Output output = trained.evaluate();

        assertEquals(Optional.empty(), trained.evaluation(output).average());
        assertEquals(trained.trained(1).model(), output.model());
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
    void championMadeFromTestRows_isNotComparedWith() {
        Trained trained = new Trained(VERSUS_CHAMPION);
        ArtifactRef model = trained.trained(0).model();
        trained.run.champion("earlier", model, model, Rows.BEGIN.plus(Duration.ofDays(60)));

        GateResult gate = versus(trained);

        assertFalse(gate.passed());
        assertTrue(
                gate.found()
                        .contains(
                                "version 1 was made from rows until 2026-03-02T00:00:00Z, and the rows to compare on begin at 2026-02-24T"),
                gate::found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name: size, type: number, min: -10, max: 10, maxNulls: 0.2 | name: size, type: category, maxNulls: 0.2 | version 1 needs 'size' as a category, which the spec has as another type now",
                "- {name: price, type: number, min: 0} | `` | version 1 needs 'price', which the spec no longer has",
            })
    void championOfAnotherSpec_isNotComparedWith_andAGateMayLetThatPass(
            String line, String replacement, String expected) {
        boolean removed = replacement.isEmpty();
        Trained old =
                new Trained(removed ? VERSUS_CHAMPION : VERSUS_CHAMPION.replace(line, replacement));
        String now = removed ? VERSUS_CHAMPION.replace("  " + line + "\n", "") : VERSUS_CHAMPION;

        for (boolean lenient : new boolean[] {false, true}) {
            Trained trained =
                    new Trained(
                            lenient
                                    ? now.replace(
                                            "confidence: 0.9",
                                            "confidence: 0.9, incomparable: pass")
                                    : now);
            championOf(trained, old);

            GateResult gate = versus(trained);

            assertEquals(lenient, gate.passed(), gate::found);
            assertTrue(gate.found().startsWith("can't be compared: " + expected), gate::found);
        }
    }

    @Test
    void classesOfABinaryChampion_areMatchedByName() {
        String german = VERSUS_CHAMPION.replace("\"yes\"", "\"ja\"");
        Trained trained = new Trained(VERSUS_CHAMPION);
        championOf(trained, new Trained(german, Rows.csv(1_500, 1).replace(",yes\n", ",ja\n")));
        assertTrue(
                versus(trained)
                        .found()
                        .contains("knows the classes [no, ja], the data has [no, yes]"),
                () -> versus(trained).found());

        Trained turned = new Trained(VERSUS_CHAMPION);
        championOf(turned, new Trained(VERSUS_CHAMPION.replace("\"yes\"", "\"no\"")));
        Evaluation evaluation = turned.evaluation(turned.evaluate());
        assertTrue(metric(evaluation, Evaluation.CHAMPION, "auc") > 0.8, "not turned round");
    }

    private static double metric(Evaluation evaluation, String model, String metric) {
        return evaluation.score(model).orElseThrow().metrics().get(metric).estimate();
    }

    /** A shop that opened after the champion was trained, and one that closed since. */
    @ParameterizedTest
    @CsvSource({"west, none", "none, west"})
    void classesThatCameOrWent_countAgainstWhoeverDoesNotKnowThem(String unknown, String gone) {
        String yaml =
                VERSUS_CHAMPION
                        .replace("task: binary", "task: multiclass")
                        .replace(
                                "label: {column: bought, positive: \"yes\"}",
                                "label: {column: shop}")
                        .replace("name: shop", "name: bought")
                        .replace("metric: auc, min: 0.6", "metric: accuracy, min: 0.01")
                        .replace("auc, versus", "logLoss, versus");
        String csv = Rows.csv(1_500, 1);
        Trained trained = new Trained(yaml, csv.replace("," + gone + ",", ",south,"));
        championOf(trained, new Trained(yaml, csv.replace("," + unknown + ",", ",south,")));

        Evaluation evaluation = trained.evaluation(trained.evaluate());

        double ours = metric(evaluation, Evaluation.CANDIDATE, "logLoss");
        double theirs = metric(evaluation, Evaluation.CHAMPION, "logLoss");
        assertTrue(theirs > (unknown.equals("none") ? ours + 0.1 : 5), theirs + " beside " + ours);
        assertTrue(
                evaluation.gates().stream()
                        .filter(gate -> gate.gate().contains("champion"))
                        .allMatch(GateResult::passed),
                () -> evaluation.gates().toString());
    }

    private static void championOf(Trained trained, Trained old) {
        ArtifactRef model =
                trained.run.put("old.onnx", old.run.artifacts().read(old.trained(0).model()));
        trained.run.champion("earlier", model, model);
    }

    private static GateResult versus(Trained trained) {
        return trained.evaluation(trained.evaluate()).gates().stream()
                .filter(gate -> gate.gate().contains("the champion"))
                .findFirst()
                .orElseThrow();
    }

    /** Rows whose meaning was turned round until the validation rows, and came back with them. */
    private static Trained afterTheTurn() {
        return new Trained(
                VERSUS_CHAMPION, Rows.turned(Rows.lines(1_500, 1), 0, 1_500 - 2 * 8 * 24));
    }

    @Test
    void formerChampion_whoseConceptCameBack_isJudgedInTheCandidatesPlace() {
        Trained trained = afterTheTurn();
        ArtifactRef knowing = knowing(trained);
        ArtifactRef turned = trained.trained(0).model();
        trained.run.champion("first", knowing, knowing);
        trained.run.champion("second", turned, turned);
        trained.run.champion("third", turned, turned);

        Evaluate.Output output = trained.evaluate();

        Evaluation evaluation = trained.evaluation(output);
        assertEquals(OptionalInt.of(1), output.recalled());
        assertEquals(
                List.of(2, 1),
                evaluation.former().orElseThrow().scores().stream()
                        .map(Evaluation.FormerScore::version)
                        .toList());
        assertTrue(output.accepted(), () -> evaluation.gates().toString());
        assertTrue(output.metrics().get("auc") > 0.8, "what is judged is the former champion");
        assertEquals(Optional.empty(), evaluation.parity());
        assertEquals(List.of(new FeatureShare("x", 1)), evaluation.importance());
        assertEquals(
                Optional.empty(),
                evaluation.predicted().orElseThrow().slices(),
                "cut as its own test was, which kept none");
        assertEquals(output, trained.evaluate(), "the same bytes again");
    }

    private static ArtifactRef knowing(Trained trained) {
        Trained before = new Trained(VERSUS_CHAMPION);
        return trained.run.put(
                "knowing.onnx", before.run.artifacts().read(before.trained(0).model()));
    }

    @Test
    void formerChampion_isMeasuredByTheFileThatServes_notByTheOneThatWasJudged() {
        Trained trained = afterTheTurn();
        ArtifactRef knowing = knowing(trained);
        ArtifactRef turned = trained.trained(0).model();
        trained.run.champion(
                "judged-well",
                turned,
                Optional.of(new ModelVersion.Refit(knowing, Rows.BEGIN)),
                turned,
                Rows.BEGIN);
        trained.run.champion(
                "learned-since",
                knowing,
                Optional.of(new ModelVersion.Refit(knowing, Rows.BEGIN.plus(Duration.ofDays(60)))),
                turned,
                Rows.BEGIN);
        trained.run.champion("present", turned, turned);

        Evaluate.Output output = trained.evaluate();

        assertEquals(OptionalInt.empty(), output.recalled());
        List<Evaluation.FormerScore> former =
                trained.evaluation(output).former().orElseThrow().scores();
        assertTrue(former.getFirst().obstacle().orElseThrow().startsWith("version 2 was made"));
        assertTrue(former.getLast().validationLoss().orElseThrow() > 0.65, former::toString);
    }

    @Test
    void formerChampion_hasToBeBetterThanTheOneThatItLeftTo() {
        Trained trained = afterTheTurn();
        ArtifactRef knowing = knowing(trained);
        trained.run.champion("first", knowing, knowing);
        trained.run.champion("second", knowing, knowing);

        Evaluate.Output output = trained.evaluate();

        assertEquals(OptionalInt.empty(), output.recalled(), "as good is not enough");
    }

    @Test
    void championThatWasTrainedAgain_isComparedByTheFileThatWasJudged() {
        Trained trained = new Trained(VERSUS_CHAMPION);
        Trained same = new Trained(VERSUS_CHAMPION);
        int best = same.evaluation(same.evaluate()).chosen();
        ArtifactRef twin = trained.trained(best).model();
        trained.run.champion(
                "earlier",
                trained.run.put("no-model.onnx", new byte[] {1}),
                Optional.of(new ModelVersion.Refit(twin, Rows.BEGIN.plus(Duration.ofDays(60)))),
                twin,
                Rows.BEGIN);

        Evaluation evaluation = trained.evaluation(trained.evaluate());

        assertEquals(
                evaluation.score(Evaluation.CANDIDATE).orElseThrow().metrics(),
                evaluation.score(Evaluation.CHAMPION).orElseThrow().metrics());
    }

    @Test
    void formerChampionWhoseFileIsGone_isNamed_andFailsNoRun() {
        Trained trained = new Trained(VERSUS_CHAMPION);
        ArtifactRef model = trained.trained(0).model();
        ArtifactRef lost = trained.run.put("lost.onnx", new byte[] {1});
        trained.run.champion("first", lost, model);
        trained.run.champion("second", model, model);
        trained.run.damage(lost);

        Evaluation.FormerScore first =
                trained.evaluation(trained.evaluate()).former().orElseThrow().scores().getFirst();

        assertEquals(OptionalDouble.empty(), first.validationLoss());
        assertTrue(first.obstacle().orElseThrow().contains("lost.onnx"), first::toString);
    }

    @Test
    void formerChampion_thatLearnedFromTheValidationRows_doesNotCompete() {
        Trained trained = new Trained(VERSUS_CHAMPION);
        ArtifactRef model = trained.trained(0).model();
        trained.run.champion("first", model, model, Rows.BEGIN.plus(Duration.ofDays(50)));
        trained.run.champion("second", model, model);

        Evaluate.Output output = trained.evaluate();

        assertEquals(OptionalInt.empty(), output.recalled());
        Evaluation.FormerScore first =
                trained.evaluation(output).former().orElseThrow().scores().getFirst();
        assertEquals(OptionalDouble.empty(), first.validationLoss());
        assertTrue(
                first.obstacle()
                        .orElseThrow()
                        .startsWith("version 1 was made from rows until 2026-02-20T00:00:00Z"),
                first::toString);
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
                    PredictionMatrix.fromBytes(trained.run.artifacts().read(good.reference()));
            reference[5][0] += 1e-4;
            trained.candidates.set(
                    i,
                    new Train.Output(
                            trained.candidates.get(i).candidate(),
                            Optional.of(
                                    new Train.Trained(
                                            good.model(),
                                            trained.run.put(
                                                    "wrong-" + i,
                                                    PredictionMatrix.toBytes(reference)),
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

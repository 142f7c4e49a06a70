package dev.perennial.refit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.Snapshots;
import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.step.Refit;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.ModelException;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Predictor;
import dev.perennial.model.Preparation;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefitStepTest {
    private static final int ROWS = 1_500;

    /** A run whose first candidate was trained as the train step does. */
    private static final class Judged {
        final SampleRun run;
        final PipelineSpec spec;
        final Table rows;
        final Targets targets;
        final TimeSplit split;
        final Refit.Recipe recipe;

        Judged(String yaml, String csv, int candidate) {
            run = new SampleRun(yaml, csv);
            spec = run.pipeline();
            rows = Snapshots.table(run.artifacts(), run.snapshot(), spec.schema());
            targets = Targets.of(spec, rows);
            split =
                    TimeSplit.of(
                            rows.time(spec.time()).micros(), spec.split(), spec.label().delay());
            Candidate chosen = SearchSpace.draw(spec.train()).get(candidate);
            Preparation preparation =
                    Preparation.fit(
                            spec.features(),
                            rows.range(0, split.trainEnd()),
                            targets.range(0, split.trainEnd()));
            TrainingMatrix matrix = preparation.matrix(rows, targets, 1);
            TrainingMatrix validation = matrix.range(split.validation(), split.validationEnd());
            TrainedModel model =
                    Trainer.of(chosen.trainer())
                            .train(
                                    chosen,
                                    spec.train(),
                                    matrix.range(0, split.trainEnd()),
                                    validation);
            Calibrator calibrator =
                    Calibrator.fit(
                            spec.train().calibration(),
                            model.predict(validation),
                            validation.targets());
            ArtifactRef onnx =
                    run.put(
                            "judged.onnx",
                            OnnxModel.write(preparation, model, calibrator, targets.classes()));
            recipe = new Refit.Recipe(List.of(new Refit.Member(chosen, model.rounds())), onnx);
        }

        Refitted refit() {
            return refit(recipe);
        }

        /** As if the candidate had been trained for so many rounds. */
        Refit.Recipe rounds(int rounds) {
            Candidate candidate = recipe.members().getFirst().candidate();
            return new Refit.Recipe(List.of(new Refit.Member(candidate, rounds)), recipe.judged());
        }

        Refitted refit(Refit.Recipe recipe) {
            return refit(SampleRun.RUN, recipe);
        }

        private Refitted refit(String name, Refit.Recipe recipe) {
            return new RefitStep(run.artifacts())
                    .apply(
                            new Refit.Input(
                                    name,
                                    SampleRun.PIPELINE,
                                    run.spec(),
                                    run.snapshot(),
                                    split,
                                    recipe));
        }

        double[][] predict(ArtifactRef onnx, Table other) {
            try (Predictor predictor = Predictor.open(run.artifacts().read(onnx), 1)) {
                return predictor.predict(other);
            }
        }

        double[][] alone(Refit.Member member, Table other) {
            Refitted output =
                    refit(
                            "alone-" + member.candidate().index(),
                            new Refit.Recipe(List.of(member), recipe.judged()));
            return predict(output.model().orElseThrow(), other);
        }

        double loss(ArtifactRef onnx, Table other) {
            double[] losses = Targets.of(spec, other).beside(predict(onnx, other)).losses();
            return Arrays.stream(losses).average().orElseThrow();
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void everyTrainer_learnsFromTheNewestRowsToo_andPredictsRawRows(int candidate) {
        Judged judged = new Judged(Rows.spec("shop"), Rows.csv(ROWS, 1), candidate);

        Refitted output = judged.refit();

        assertEquals(ROWS, output.rows());
        assertEquals(Rows.BEGIN.plus(ROWS - 1, ChronoUnit.HOURS), output.until());
        ArtifactRef model = output.model().orElseThrow();
        assertNotEquals(judged.recipe.judged().sha256(), model.sha256());
        Table test = judged.rows.range(judged.split.test(), ROWS);
        assertTrue(judged.loss(model, test) < judged.loss(judged.recipe.judged(), test) + 0.05);
        assertTrue(output.loss() < output.judgedLoss() + 0.05, output::toString);
        assertEquals(output, judged.refit(), "the same bytes again");
    }

    @Test
    void afterAChangeInTheTestRows_onlyTheRefitKnowsTheNewConcept() {
        Judged judged =
                new Judged(
                        Rows.spec("shop").replace("threads: 1", "threads: 1, windows: [P10D]"),
                        Rows.turned(Rows.lines(ROWS, 1), ROWS - 8 * 24, ROWS),
                        0);
        List<String> later = Rows.lines(2_000, 7);
        later.subList(1, 1_501).clear();
        SampleRun next = new SampleRun(Rows.spec("shop"), Rows.turned(later, 0, 500));
        Table live = Snapshots.table(next.artifacts(), next.snapshot(), judged.spec.schema());

        Refitted output = judged.refit();

        assertEquals(10 * 24, output.rows());
        double fresh = judged.loss(output.model().orElseThrow(), live);
        double stale = judged.loss(judged.recipe.judged(), live);
        assertTrue(fresh < stale - 0.5, "%f, %f".formatted(fresh, stale));
    }

    @Test
    void average_isTheMeanOfItsMembersTrainedAgain() {
        Judged judged =
                new Judged(
                        Rows.spec("shop")
                                .replace(
                                        "threads: 1",
                                        "threads: 1, calibration: none, windows: [P10D, P60D]"),
                        Rows.csv(ROWS, 1),
                        0);
        List<Refit.Member> members =
                SearchSpace.draw(judged.spec.train()).subList(0, 2).stream()
                        .map(each -> new Refit.Member(each, 20 + each.index()))
                        .toList();
        Table test = judged.rows.range(judged.split.test(), ROWS);

        Refitted both = judged.refit(new Refit.Recipe(members, judged.recipe.judged()));

        double[][] mean = judged.predict(both.model().orElseThrow(), test);
        double[][] first = judged.alone(members.get(0), test);
        double[][] second = judged.alone(members.get(1), test);
        for (int row = 0; row < mean.length; row++) {
            assertEquals(
                    (logOdds(first[row]) + logOdds(second[row])) / 2,
                    logOdds(mean[row]),
                    1e-4,
                    "row " + row);
        }
        assertEquals(10 * 24, both.rows(), "of the best");
    }

    private static double logOdds(double[] probabilities) {
        return Math.log(probabilities[1] / probabilities[0]);
    }

    /** One round where hundred were judged: worse even on rows that it has seen. */
    @Test
    void refitThatIsWorseOnRowsItHasSeen_isKeptBack() {
        Judged judged = new Judged(Rows.spec("shop"), Rows.csv(ROWS, 1), 0);
        Refitted output = judged.refit(judged.rounds(1));

        assertTrue(output.model().isEmpty());
        assertTrue(output.loss() > output.judgedLoss());
        assertEquals(Instant.parse("2026-03-04T11:00:00Z"), output.until());
    }

    /** How many passes the judged one took to converge says nothing of other rows. */
    @Test
    void linearModel_isTrainedUntilItConverges() {
        Judged judged = new Judged(Rows.spec("shop"), Rows.csv(ROWS, 1), 2);
        Refitted output = judged.refit(judged.rounds(1));

        assertEquals(judged.refit(), output);
    }

    @Test
    void windowWithOneClassOnly_isRefusedInWords() {
        List<String> lines = Rows.lines(ROWS, 1);
        for (int row = ROWS - 3 * 24 + 1; row <= ROWS; row++) {
            lines.set(row, lines.get(row).replace(",yes", ",no"));
        }
        Judged judged =
                new Judged(
                        Rows.spec("shop").replace("threads: 1", "threads: 1, windows: [P3D]"),
                        String.join("\n", lines) + "\n",
                        0);

        assertEquals(
                "all 72 rows to learn from are of the class 'no'; let it look back further",
                assertThrows(ModelException.class, judged::refit).getMessage());
    }
}

package dev.perennial.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.step.Prepare;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.model.ModelException;
import dev.perennial.model.Preparation;
import dev.perennial.model.TrainingMatrix;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrepareStepTest {
    private static final int ROWS = 1_500;
    private static final int LATER = 2 * 8 * 24; // hours of validation and test

    private static Prepare.Output prepare(SampleRun run) {
        return new PrepareStep(run.artifacts())
                .apply(
                        new Prepare.Input(
                                SampleRun.RUN, SampleRun.PIPELINE, run.spec(), run.snapshot()));
    }

    private static SampleRun edited(int from, int to, UnaryOperator<String> edit) {
        List<String> lines = Rows.lines(ROWS, 1);
        return new SampleRun(
                Rows.spec(SampleRun.PIPELINE),
                Rows.HEADER
                        + "\n"
                        + IntStream.range(0, ROWS)
                                .mapToObj(row ->
                                        row >= from && row < to
                                                ? edit.apply(lines.get(row + 1))
                                                : lines.get(row + 1))
                                .collect(Collectors.joining("\n"))
                        + "\n");
    }

    private static TrainingMatrix matrix(SampleRun run, ArtifactRef ref) {
        return TrainingMatrix.fromBytes(run.artifacts().read(ref));
    }

    @Test
    void parts_followEachOtherInTime_andTheLastCandidateIsTheBaseline() {
        SampleRun run = SampleRun.good();

        Prepare.Output output = prepare(run);

        assertEquals(ROWS, output.split().rows());
        assertEquals(8 * 24, output.split().testRows());
        assertEquals(8 * 24, output.split().validationRows());
        assertEquals(ROWS - LATER, matrix(run, output.prepared().train()).rows());
        assertEquals(
                List.of(TrainerName.XGBOOST, TrainerName.XGBOOST, TrainerName.LINEAR),
                output.candidates().stream().map(each -> each.trainer()).toList());
        assertEquals(output, prepare(run), "the same bytes again");
    }

    /** Nothing that is learned may know rows that validate or test. */
    @Test
    void otherLaterRows_changeNothingThatTrainingSees() {
        SampleRun run = SampleRun.good();
        SampleRun other =
                edited(
                        ROWS - LATER,
                        ROWS,
                        line -> line.replaceFirst(",[^,]*,[^,]*,", ",elsewhere,7.5,"));

        Prepare.Prepared before = prepare(run).prepared();
        Prepare.Prepared after = prepare(other).prepared();

        assertEquals(before.preparation().sha256(), after.preparation().sha256());
        assertEquals(before.train().sha256(), after.train().sha256());
        assertNotEquals(before.test().sha256(), after.test().sha256());
        Preparation preparation =
                Preparation.fromBytes(other.artifacts().read(after.preparation()));
        TrainingMatrix test = matrix(other, after.test());
        for (int column = 0; column < test.width(); column++) {
            if (preparation.origins().get(column).equals("shop")) {
                assertEquals(0, test.values()[column], "an unseen category has no column");
            }
        }
    }

    @Test
    void nullsConstantsAndEmptyColumns_arePrepared() {
        SampleRun empty = edited(0, ROWS, line -> line.replaceFirst(",[^,]*,[^,]*,", ",,,"));
        Prepare.Prepared prepared = prepare(empty).prepared();
        Preparation preparation =
                Preparation.fromBytes(empty.artifacts().read(prepared.preparation()));
        assertEquals(List.of("shop=", "size", "price"), preparation.columns());
        TrainingMatrix train = matrix(empty, prepared.train());
        assertEquals(1, train.values()[0]);
        assertTrue(Float.isNaN(train.values()[1]));

        SampleRun constant =
                edited(0, ROWS, line -> line.replaceFirst(",[^,]*,[^,]*,", ",one,1.5,"));
        TrainingMatrix same = matrix(constant, prepare(constant).prepared().train());
        assertEquals(1, same.values()[0]);
        assertEquals(1.5f, same.values()[1]);
    }

    @Test
    void tooFewRowsForTheSplit_areRefusedInWords() {
        SampleRun run = new SampleRun(Rows.spec("shop"), Rows.csv(100, 1));

        assertTrue(
                assertThrows(ModelException.class, () -> prepare(run))
                        .getMessage()
                        .startsWith("the split leaves 0 rows to train"));
    }
}

package dev.perennial.core.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.Samples;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Predictions.ValuePredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PreviousLabelTest {
    private static final long SECOND = 1_000_000;

    @Test
    void withoutDelay_theRowBeforeIsRepeated() {
        assertArrayEquals(
                new double[] {30, 40},
                values(Duration.ZERO, List.of(), seconds(6), new String[6], 3));
    }

    @Test
    void labelsNotYetKnown_areNotUsed() {
        // At second 4 a label of second 2 is two seconds old, so just known.
        assertArrayEquals(
                new double[] {20, 30},
                values(Duration.ofSeconds(2), List.of(), seconds(6), new String[6], 3));
        assertArrayEquals(
                new double[] {10, 20},
                values(Duration.ofSeconds(3), List.of(), seconds(6), new String[6], 3));
    }

    @Test
    void rowsOfTheSameMoment_doNotKnowEachOther() {
        long[] micros = {0, 1 * SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND, 4 * SECOND};

        assertArrayEquals(
                new double[] {30, 30}, values(Duration.ZERO, List.of(), micros, new String[6], 3));
    }

    @Test
    void withAKey_onlyTheSameEntityCounts_othersGetTheMeanOfTraining() {
        String[] customer = {"u", "v", "u", "v", "u", "w"};

        assertArrayEquals(
                new double[] {20, 10},
                values(Duration.ZERO, List.of("customer"), seconds(6), customer, 3),
                1e-6);
    }

    @Test
    void classes_areAsProbableAsTheyFollowedInTraining() {
        // Training: no → yes, yes → yes, yes → no, no → yes; one pseudo-count each.
        float[] labels = {0, 1, 1, 0, 1, 1, 0};
        TimeSplit split = new TimeSplit(5, 5, 6, 6, 7);

        ClassPredictions found =
                (ClassPredictions)
                        PreviousLabel.of(
                                Samples.spec(Task.BINARY),
                                table(seconds(7), new String[7]),
                                List.of("no", "yes"),
                                labels,
                                split);

        assertEquals(1, found.rows());
        assertArrayEquals(new int[] {0}, found.labels());
        // After yes: yes once, no once.
        assertArrayEquals(new double[] {0.5, 0.5}, found.probability()[0], 1e-15);
    }

    @Test
    void classes_afterNo_andOfARowThatNothingIsKnownBefore() {
        float[] labels = {0, 1, 0, 1, 0, 1};

        ClassPredictions after =
                (ClassPredictions)
                        PreviousLabel.of(
                                Samples.spec(Task.BINARY),
                                table(seconds(6), new String[6]),
                                List.of("no", "yes"),
                                labels,
                                new TimeSplit(4, 4, 5, 5, 6));
        // No was followed by yes twice: (2 + 1) / (2 + 2).
        assertArrayEquals(new double[] {0.25, 0.75}, after.probability()[0], 1e-15);

        ClassPredictions unknown =
                (ClassPredictions)
                        PreviousLabel.of(
                                Samples.spec(
                                        Task.BINARY,
                                        List.of(),
                                        List.of(),
                                        Duration.ofDays(1),
                                        List.of()),
                                table(seconds(6), new String[6]),
                                List.of("no", "yes"),
                                labels,
                                new TimeSplit(4, 4, 5, 5, 6));
        // Nothing is known before any of the four training rows, two of them yes: even odds.
        assertArrayEquals(new double[] {0.5, 0.5}, unknown.probability()[0], 1e-15);
    }

    /** Predictions of the last two of six rows labelled 0, 10, 20, … */
    private static double[] values(
            Duration delay, List<String> key, long[] micros, String[] customer, int validation) {
        float[] labels = {0, 10, 20, 30, 40, 50};
        ValuePredictions found =
                (ValuePredictions)
                        PreviousLabel.of(
                                Samples.spec(Task.REGRESSION, key, List.of(), delay, List.of()),
                                table(micros, customer),
                                List.of(),
                                labels,
                                new TimeSplit(validation, validation, 4, 4, 6));
        assertArrayEquals(new double[] {40, 50}, found.targets());
        return found.predicted();
    }

    private static Table table(long[] micros, String[] customer) {
        String[] texts =
                Arrays.stream(customer)
                        .map(each -> each == null ? "" : each)
                        .toArray(String[]::new);
        return new Table(
                List.of(new TimeColumn("at", micros), Samples.categories("customer", texts)));
    }

    private static long[] seconds(int rows) {
        return LongStream.range(0, rows).map(row -> row * SECOND).toArray();
    }
}

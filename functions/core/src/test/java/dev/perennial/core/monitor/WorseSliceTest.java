package dev.perennial.core.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.evaluation.SliceErrors;
import dev.perennial.core.evaluation.Slices;
import dev.perennial.core.evaluation.Slices.ByFeature;
import dev.perennial.core.metric.Task;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorseSliceTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    /** Ten features of ten values each, so a hundred slices that hold rows, and two more each. */
    private static final Slices SLICES =
            new Slices(
                    IntStream.range(0, 10)
                            .mapToObj(feature ->
                                    new ByFeature(
                                            "f" + feature,
                                            false,
                                            List.of(
                                                    "0", "1", "2", "3", "4", "5", "6", "7", "8",
                                                    "9"),
                                            new double[0]))
                            .toList());

    /** Rows in random slices; errors of 20 %, or more in one of them. */
    private static SliceDay rows(SplittableRandom random, int rows, int worse, double error) {
        SliceDay day = new SliceDay(DAY, 1, new long[SLICES.size()], new double[SLICES.size()]);
        for (int row = 0; row < rows; row++) {
            int[] slices = new int[10];
            boolean hit = false;
            for (int feature = 0; feature < 10; feature++) {
                slices[feature] = 12 * feature + random.nextInt(10);
                hit |= slices[feature] == worse;
            }
            double was = random.nextDouble() < (hit ? error : 0.2) ? 1 : 0;
            for (int slice : slices) {
                day.labelled()[slice]++;
                day.errors()[slice] += was;
            }
        }
        return day;
    }

    private static List<WorseSlice> found(SliceDay tested, SliceDay live) {
        return WorseSlice.of(
                List.of(live),
                new SliceErrors(SLICES, tested.labelled(), tested.errors()),
                References.of(0.2, 0.16, 3_000, OptionalDouble.empty()),
                Task.BINARY);
    }

    @Test
    void withoutAChange_anySliceIsNamed_noMoreOftenThanPromised() {
        int named = 0;
        for (int seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SliceDay tested = rows(random, 3_000, -1, 0);
            named += found(tested, rows(random, 1_000, -1, 0)).isEmpty() ? 0 : 1;
        }

        assertTrue(named <= 27, named + " of 300, where 15 are declared and 27 are chance");
    }

    @Test
    void sliceThatSuffers_isNamedFirst_withWhatItCosts() {
        SplittableRandom random = new SplittableRandom(7);
        SliceDay tested = rows(random, 3_000, -1, 0);

        List<WorseSlice> found = found(tested, rows(random, 1_500, 12 * 3 + 4, 0.6));

        WorseSlice first = found.getFirst();
        assertEquals("f3 is 4", first.slice());
        assertEquals(0.6, first.error(), 0.1);
        assertEquals(0.2, first.tested(), 0.07);
        assertEquals(first.labelled() * (first.error() - first.tested()), first.excess(), 1e-9);
        assertTrue(found.size() <= 3, found::toString);
    }

    /** Values that the test split didn't have are held against all of its rows. */
    @Test
    void sliceThatTheTestDidNotHave_isComparedWithAllRows() {
        SliceDay tested = rows(new SplittableRandom(7), 3_000, -1, 0);
        SliceDay live = new SliceDay(DAY, 1, new long[SLICES.size()], new double[SLICES.size()]);
        live.labelled()[10] = 100;
        live.errors()[10] = 50;

        List<WorseSlice> found = found(tested, live);

        assertEquals(
                List.of(
                        new WorseSlice(
                                "f0 is none of the frequent values", 100, 0.5, 0.2, true, 30)),
                found);
    }

    @Test
    void aFewRows_andNumbersOff_areJudgedByTheirSpread() {
        SliceDay tested = rows(new SplittableRandom(7), 3_000, -1, 0);
        SliceDay few = new SliceDay(DAY, 1, new long[SLICES.size()], new double[SLICES.size()]);
        few.labelled()[0] = 29;
        few.errors()[0] = 29;
        assertEquals(List.of(), found(tested, few));

        long[] labelled = tested.labelled();
        double[] off = new double[labelled.length];
        for (int slice = 0; slice < off.length; slice++) {
            off[slice] = 100.0 * labelled[slice];
        }
        SliceDay live = new SliceDay(DAY, 1, new long[SLICES.size()], new double[SLICES.size()]);
        live.labelled()[0] = 400;
        live.errors()[0] = 400 * 110;
        live.labelled()[1] = 400;
        live.errors()[1] = 400 * 150;

        List<WorseSlice> found =
                WorseSlice.of(
                        List.of(live),
                        new SliceErrors(SLICES, labelled, off),
                        References.of(100, 6_000, 3_000, OptionalDouble.empty()),
                        Task.REGRESSION);

        assertEquals(List.of("f0 is 1"), found.stream().map(WorseSlice::slice).toList());
    }
}

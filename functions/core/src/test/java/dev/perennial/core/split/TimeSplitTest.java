package dev.perennial.core.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.spec.SplitSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimeSplitTest {
    private static final long SECOND = 1_000_000;
    private static final SplitSpec TEN_EACH =
            new SplitSpec(Duration.ofSeconds(10), Duration.ofSeconds(10));

    @Test
    void newestRowsTest_theOnesBeforeValidate_theRestTrains() {
        long[] micros = LongStream.range(0, 100).map(i -> i * SECOND).toArray();

        TimeSplit split = TimeSplit.of(micros, TEN_EACH, Duration.ZERO);

        assertEquals(new TimeSplit(80, 80, 90, 90, 100), split);
        assertEquals(80, split.trainRows());
        assertEquals(10, split.validationRows());
        assertEquals(10, split.testRows());
    }

    @Test
    void partsHoldTheMomentsAfterTheirBoundary_notTheBoundaryItself() {
        long end = 100 * SECOND;

        assertEquals(
                new TimeSplit(1, 1, 3, 3, 4),
                TimeSplit.of(
                        new long[] {
                            end - 20 * SECOND, end - 20 * SECOND + 1, end - 10 * SECOND, end
                        },
                        TEN_EACH,
                        Duration.ZERO));
    }

    @Test
    void rowsOfOneMoment_stayTogether() {
        SplittableRandom random = new SplittableRandom(8);
        for (int draw = 0; draw < 500; draw++) {
            long[] micros =
                    random.longs(random.nextInt(1, 200), 0, 60)
                            .map(second -> second * SECOND)
                            .sorted()
                            .toArray();

            TimeSplit split = TimeSplit.of(micros, TEN_EACH, Duration.ZERO);

            assertEquals(
                    micros.length, split.trainRows() + split.validationRows() + split.testRows());
            assertTrue(split.testRows() > 0);
            for (int boundary : new int[] {split.validation(), split.test()}) {
                if (boundary > 0) {
                    assertNotEquals(micros[boundary - 1], micros[boundary]);
                }
            }
            long newest = micros[micros.length - 1];
            assertTrue(
                    Arrays.stream(micros, split.test(), split.rows())
                            .allMatch(moment -> moment > newest - 10 * SECOND));
            assertTrue(
                    Arrays.stream(micros, 0, split.test())
                            .allMatch(moment -> moment <= newest - 10 * SECOND));
        }
    }

    @Test
    void oneMomentOnly_isAllTest() {
        assertEquals(
                new TimeSplit(0, 0, 0, 0, 3),
                TimeSplit.of(new long[] {5, 5, 5}, TEN_EACH, Duration.ZERO));
    }

    @Test
    void noRows_areThreeEmptyParts() {
        assertEquals(
                new TimeSplit(0, 0, 0, 0, 0), TimeSplit.of(new long[0], TEN_EACH, Duration.ZERO));
    }

    @Test
    void momentsBefore1970_areSplitLikeOthers() {
        long[] micros = LongStream.range(-100, 0).map(i -> i * SECOND).toArray();

        assertEquals(
                new TimeSplit(80, 80, 90, 90, 100), TimeSplit.of(micros, TEN_EACH, Duration.ZERO));
    }

    @Test
    void boundariesOutOfOrder_areRefused() {
        for (int[] each :
                new int[][] {
                    {-1, 1, 1, 2, 3},
                    {2, 1, 2, 2, 3},
                    {1, 2, 1, 2, 3},
                    {1, 1, 3, 2, 3},
                    {1, 1, 1, 4, 3}
                }) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TimeSplit(each[0], each[1], each[2], each[3], each[4]));
        }
    }

    /** What a label says is known only a delay after its row. */
    @Test
    void noPartHoldsALabel_thatIsUnknownWhenTheNextBegins() {
        SplittableRandom random = new SplittableRandom(9);
        for (int draw = 0; draw < 500; draw++) {
            Duration delay = Duration.ofSeconds(random.nextInt(0, 30));
            long[] micros =
                    random.longs(random.nextInt(1, 200), 0, 60)
                            .map(second -> second * SECOND)
                            .sorted()
                            .toArray();

            TimeSplit split = TimeSplit.of(micros, TEN_EACH, delay);

            int known = 0;
            for (int row = 0; row < micros.length; row++) {
                long moment = micros[row] + delay.toSeconds() * SECOND;
                boolean trains = row < split.validation() && moment <= micros[split.validation()];
                boolean validates =
                        row >= split.validation()
                                && row < split.test()
                                && moment <= micros[split.test()];
                assertEquals(trains, row < split.trainEnd(), "row " + row);
                assertEquals(validates, row >= split.validation() && row < split.validationEnd());
                known += trains || validates || row >= split.test() ? 1 : 0;
            }
            assertEquals(micros.length - known, split.gapRows());
        }
    }

    @Test
    void delayAsLongAsTheStep_leavesNoRowOut() {
        long[] micros = LongStream.range(0, 100).map(i -> i * SECOND).toArray();

        assertEquals(0, TimeSplit.of(micros, TEN_EACH, Duration.ofSeconds(1)).gapRows());
        assertEquals(2, TimeSplit.of(micros, TEN_EACH, Duration.ofSeconds(2)).gapRows());
    }
}

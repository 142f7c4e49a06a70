package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class BlocksTest {
    private static final long HOUR = 3_600_000_000L;

    @TestFactory
    List<DynamicTest> lengths_areThoseOfArch() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : Fixtures.read("metric/blocks.json")) {
            tests.add(
                    DynamicTest.dynamicTest(
                            each.get("name").stringValue(),
                            () -> {
                                double expected = each.get("circular").doubleValue();
                                assertEquals(
                                        expected,
                                        BlockLength.of(Fixtures.doubles(each.get("series"))),
                                        1e-9 * (1 + expected));
                            }));
        }
        assertEquals(6, tests.size());
        return tests;
    }

    @Test
    void constantAndTinySeries_haveNoLength() {
        assertEquals(0, BlockLength.of(new double[0]));
        assertEquals(0, BlockLength.of(new double[] {3}));
        assertEquals(0, BlockLength.of(new double[] {3, 3, 3, 3}));
        assertTrue(Double.isFinite(BlockLength.of(new double[] {1, 2, 3})));
    }

    @Test
    void rowsOfOneMoment_stayTogether() {
        long[] micros = {0, 0, 0, 5, 6, 6, 7, 8, 9, 10, 11, 12};

        Blocks blocks = Blocks.of(micros, new double[12], Duration.ZERO);

        assertArrayEquals(new int[] {0, 3, 4, 6, 7, 8, 9, 10, 11, 12}, blocks.starts());
        assertEquals(9, blocks.moments());
        assertEquals(12, blocks.rows());
        assertEquals(1, blocks.length());
    }

    @Test
    void blocks_areAsLongAsLabelsTakeToCome_butLeaveFour() {
        long[] hourly = LongStream.range(0, 1_000).map(hour -> hour * HOUR).toArray();
        double[] noise = new Random(1).doubles(1_000).toArray();

        assertEquals(24, Blocks.of(hourly, noise, Duration.ofHours(24)).length());
        assertEquals(250, Blocks.of(hourly, noise, Duration.ofDays(365)).length());
        assertTrue(Blocks.of(hourly, noise, Duration.ZERO).length() < 8);
    }

    @Test
    void tooFewMoments_leaveTheRowsToThemselves() {
        long[] micros = IntStream.range(0, 700).mapToLong(row -> row / 100 * HOUR).toArray();

        Blocks blocks = Blocks.of(micros, new double[700], Duration.ofDays(1));

        assertEquals(700, blocks.moments());
        assertEquals(1, blocks.length());
    }

    @Test
    void noRows_haveNoBlocks() {
        assertEquals(0, Blocks.of(new long[0], new double[0], Duration.ZERO).rows());
    }

    @Test
    void blocksOfSomeRows_areThoseTheyLieIn() {
        Blocks blocks = new Blocks(new int[] {0, 10, 20, 30, 40, 50, 60, 70, 80}, 2);

        assertEquals(4, blocks.blocksOf(IntStream.range(0, 80).toArray()));
        assertEquals(1, blocks.blocksOf(IntStream.range(0, 20).toArray()));
        assertEquals(2, blocks.blocksOf(new int[] {19, 20}));
        assertEquals(2, blocks.blocksOf(new int[] {0, 79}));
        assertEquals(0, blocks.blocksOf(new int[0]));
        assertEquals(2, new Blocks(blocks.starts(), 100).length(), "at least four blocks");
        assertTrue(Arrays.stream(blocks.starts()).allMatch(start -> start <= blocks.rows()));
    }
}

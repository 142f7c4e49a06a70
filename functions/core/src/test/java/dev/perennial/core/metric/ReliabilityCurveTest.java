package dev.perennial.core.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityCurveTest {
    @Test
    void rows_areGroupedByPredictedProbability_emptyBinsLeftOut() {
        assertEquals(
                List.of(new ReliabilityBin(0.125, 0.5, 2), new ReliabilityBin(0.875, 1, 2)),
                ReliabilityCurve.of(
                        MetricTest.binary(new int[] {0, 1, 1, 1}, 0, 0.25, 0.75, 1), 3));
    }

    @Test
    void zeroAndOne_fallIntoTheOuterBins() {
        List<ReliabilityBin> curve =
                ReliabilityCurve.of(MetricTest.binary(new int[] {0, 1}, 0, 1), 10);

        assertEquals(List.of(new ReliabilityBin(0, 0, 1), new ReliabilityBin(1, 1, 1)), curve);
    }

    @Test
    void calibratedPredictions_lieOnTheDiagonal() {
        int[] labels = new int[1_000];
        double[] p = new double[1_000];
        for (int row = 0; row < 1_000; row++) {
            p[row] = (row / 100) / 10.0 + 0.05;
            labels[row] = row % 100 < Math.round(100 * p[row]) ? 1 : 0;
        }

        for (ReliabilityBin bin : ReliabilityCurve.of(MetricTest.binary(labels, p), 10)) {
            assertEquals(bin.predicted(), bin.observed(), 1e-12);
            assertEquals(100, bin.rows());
        }
    }

    @Test
    void moreClasses_countEveryClassOfEveryRow() {
        var given = (Predictions.ClassPredictions) Fixtures.predictions("multiclass");

        long rows = ReliabilityCurve.of(given, 10).stream().mapToLong(ReliabilityBin::rows).sum();

        assertEquals(5L * given.rows(), rows);
    }

    @Test
    void noRows_giveNoCurve() {
        assertTrue(ReliabilityCurve.of(MetricTest.binary(new int[0]), 10).isEmpty());
    }
}

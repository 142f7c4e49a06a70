package dev.perennial.core.metric;

import dev.perennial.core.metric.Predictions.ClassPredictions;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicted against observed probability of the positive class; of every class's probability where
 * there are more than two.
 */
public final class ReliabilityCurve {
    private ReliabilityCurve() {}

    /**
     * Groups rows by predicted probability.
     *
     * @param bins of equal width; empty ones are left out
     */
    public static List<ReliabilityBin> of(ClassPredictions predictions, int bins) {
        double[] predicted = new double[bins];
        long[] happened = new long[bins];
        long[] rows = new long[bins];
        int first = predictions.classes().size() == 2 ? 1 : 0;
        for (int row = 0; row < predictions.rows(); row++) {
            for (int i = first; i < predictions.classes().size(); i++) {
                double probability = predictions.probability()[row][i];
                int bin = Math.clamp((int) (probability * bins), 0, bins - 1);
                predicted[bin] += probability;
                happened[bin] += predictions.labels()[row] == i ? 1 : 0;
                rows[bin]++;
            }
        }
        List<ReliabilityBin> curve = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            if (rows[bin] > 0) {
                curve.add(
                        new ReliabilityBin(
                                predicted[bin] / rows[bin],
                                (double) happened[bin] / rows[bin],
                                rows[bin]));
            }
        }
        return List.copyOf(curve);
    }
}

package dev.perennial.model;

import dev.perennial.core.metric.Task;
import java.util.Arrays;

/**
 * The largest difference between the trainer's own predictions and the ONNX file's on the same raw
 * rows.
 *
 * @param difference absolute for probabilities; for regression in standard deviations of the
 *     trainer's predictions, after leaving {@value #ULPS} units in the last place of the largest
 *     one for float32's rounding
 * @param row where it is; −1 without rows
 */
public record Parity(double difference, int row) {
    /** Float32 sums in another order differ by less; a wrong branch by far more. */
    public static final double ALLOWED = 1e-5;

    private static final int ULPS = 16;

    /**
     * Compares.
     *
     * @param trainer per row one value per class, or one
     * @param onnx of the same shape
     */
    public static Parity of(Task task, double[][] trainer, double[][] onnx) {
        if (trainer.length != onnx.length) {
            throw new IllegalArgumentException(
                    "%d rows against %d".formatted(trainer.length, onnx.length));
        }
        double scale = task == Task.REGRESSION ? scale(trainer) : 1;
        double worst = 0;
        int at = trainer.length == 0 ? -1 : 0;
        for (int row = 0; row < trainer.length; row++) {
            for (int column = 0; column < trainer[row].length; column++) {
                double difference = Math.abs(trainer[row][column] - onnx[row][column]) / scale;
                if (Double.isNaN(difference)) {
                    return new Parity(difference, row); // the worst of all
                }
                if (difference > worst) {
                    worst = difference;
                    at = row;
                }
            }
        }
        return new Parity(worst, at);
    }

    /**
     * What {@link #ALLOWED} is a share of, such that the rounding of a large offset fits into it.
     */
    private static double scale(double[][] trainer) {
        double[] values = Arrays.stream(trainer).mapToDouble(row -> row[0]).toArray();
        double mean = Arrays.stream(values).average().orElse(0);
        double variance =
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
        double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
        return Math.sqrt(variance) + ULPS * Math.ulp((float) largest) / ALLOWED;
    }

    public boolean holds() {
        return difference <= ALLOWED;
    }
}

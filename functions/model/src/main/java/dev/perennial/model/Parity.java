package dev.perennial.model;

import dev.perennial.core.metric.Task;

/**
 * The largest difference between the trainer's own predictions and the ONNX file's on the same raw
 * rows.
 *
 * @param difference absolute for probabilities; for regression divided by the larger of 1, |value|
 *     and the predictions' root mean square: sums of float32 cancel near 0
 * @param row where it is; −1 without rows
 */
public record Parity(double difference, int row) {
    /** Float32 sums in another order differ by less; a wrong branch by far more. */
    public static final double ALLOWED = 1e-5;

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
        double typical = Math.max(1, rootMeanSquare(trainer));
        double worst = 0;
        int at = trainer.length == 0 ? -1 : 0;
        for (int row = 0; row < trainer.length; row++) {
            for (int column = 0; column < trainer[row].length; column++) {
                double scale =
                        task == Task.REGRESSION
                                ? Math.max(typical, Math.abs(trainer[row][column]))
                                : 1;
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

    private static double rootMeanSquare(double[][] values) {
        double sum = 0;
        for (double[] row : values) {
            sum += row[0] * row[0];
        }
        return values.length == 0 ? 0 : Math.sqrt(sum / values.length);
    }

    public boolean holds() {
        return difference <= ALLOWED;
    }
}

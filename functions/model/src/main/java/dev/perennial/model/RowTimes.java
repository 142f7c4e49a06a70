package dev.perennial.model;

import dev.perennial.core.spec.Lookback;
import dev.perennial.core.table.EventTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * When the rows of a training matrix happened.
 *
 * @param micros since the epoch, ascending
 */
public record RowTimes(long[] micros) {
    /** Writes each as eight bytes, little endian. */
    public byte[] toBytes() {
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.multiplyExact(micros.length, Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        buffer.asLongBuffer().put(micros);
        return buffer.array();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws ModelException if the bytes are anything else
     */
    public static RowTimes fromBytes(byte[] bytes) {
        if (bytes.length % Long.BYTES != 0) {
            throw new ModelException(
                    "times of rows are cut off after %d bytes".formatted(bytes.length));
        }
        long[] micros = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(micros);
        return new RowTimes(micros);
    }

    /**
     * The rows that a candidate learns from, weighed by age: 2^(−age ÷ half life), scaled to 1 in
     * the mean, so that penalties and least weights of a leaf mean what they mean without.
     *
     * @param matrix of these rows
     */
    public TrainingMatrix lookBack(Lookback lookback, TrainingMatrix matrix) {
        if (matrix.rows() != micros.length) {
            throw new ModelException(
                    "%,d times for %,d training rows".formatted(micros.length, matrix.rows()));
        }
        if (micros.length == 0) {
            return matrix;
        }
        long newest = micros[micros.length - 1];
        int first =
                lookback.window()
                        .map(window ->
                                EventTime.firstNotBefore(
                                        micros, newest - EventTime.micros(window) + 1))
                        .orElse(0);
        TrainingMatrix seen = first == 0 ? matrix : matrix.range(first, micros.length);
        return lookback.halfLife()
                .map(halfLife -> seen.weighted(weights(first, EventTime.micros(halfLife))))
                .orElse(seen);
    }

    private float[] weights(int first, long halfLife) {
        double[] weights = new double[micros.length - first];
        double sum = 0;
        for (int row = 0; row < weights.length; row++) {
            double age = micros[micros.length - 1] - micros[first + row];
            weights[row] = Math.pow(2, -age / (double) halfLife);
            sum += weights[row];
        }
        float[] scaled = new float[weights.length];
        for (int row = 0; row < scaled.length; row++) {
            scaled[row] = (float) (weights[row] * weights.length / sum);
        }
        return scaled;
    }
}

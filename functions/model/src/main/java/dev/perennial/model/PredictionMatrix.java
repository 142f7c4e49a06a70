package dev.perennial.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Predictions as a file: rows, columns, then a float32 per row and column, all little endian. Text
 * would take four times the room.
 */
public final class PredictionMatrix {
    private static final int HEADER = 8;

    private PredictionMatrix() {}

    /**
     * Writes predictions.
     *
     * @param predictions rows × columns
     * @throws ModelException if it doesn't fit 2 GB
     */
    public static byte[] toBytes(double[][] predictions) {
        int columns = predictions.length == 0 ? 0 : predictions[0].length;
        long size = HEADER + (long) Float.BYTES * predictions.length * columns;
        if (size > Integer.MAX_VALUE - 8) {
            throw new ModelException(
                    "%,d predictions of %,d values don't fit one file of 2 GB; use a shorter split.test"
                            .formatted(predictions.length, columns));
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(predictions.length).putInt(columns);
        for (double[] row : predictions) {
            for (double value : row) {
                buffer.putFloat((float) value);
            }
        }
        return buffer.array();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws ModelException if the bytes are anything else
     */
    public static double[][] fromBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int rows = buffer.getInt();
            int columns = buffer.getInt();
            if (rows < 0
                    || columns < 0
                    || buffer.remaining() != (long) Float.BYTES * rows * columns) {
                throw new ModelException(
                        "%d bytes can't be %d predictions of %d values"
                                .formatted(bytes.length, rows, columns));
            }
            double[][] predictions = new double[rows][columns];
            for (double[] row : predictions) {
                for (int column = 0; column < columns; column++) {
                    row[column] = buffer.getFloat();
                }
            }
            return predictions;
        } catch (BufferUnderflowException truncated) {
            throw new ModelException("predictions are cut off", truncated);
        }
    }
}

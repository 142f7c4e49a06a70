package dev.perennial.model;

import dev.perennial.core.metric.Task;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Prepared rows with their targets.
 *
 * @param width columns per row
 * @param values rows × width, row-major; NaN where missing
 * @param targets one per row
 * @param weights how much each row counts, 1 in the mean; empty: all alike. Not written to files
 */
public record TrainingMatrix(int width, float[] values, Targets targets, float[] weights) {
    private static final int MAGIC = 0x4d524550; // "PERM" in little endian
    private static final int VERSION = 1;

    /** Leaves room for targets and classes in a file of 2 GB. */
    static final long MOST_VALUES = (Integer.MAX_VALUE - (1 << 24)) / Float.BYTES;

    /** By their number in the file. */
    private static final List<Task> TASKS = List.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);

    public TrainingMatrix {
        if (values.length != (long) width * targets.rows()) {
            throw new IllegalArgumentException(
                    "%d values for %d rows of %d".formatted(values.length, targets.rows(), width));
        }
        if (weights.length != 0 && weights.length != targets.rows()) {
            throw new IllegalArgumentException(
                    "%d weights for %d rows".formatted(weights.length, targets.rows()));
        }
    }

    /** Rows that count alike. */
    public TrainingMatrix(int width, float[] values, Targets targets) {
        this(width, values, targets, new float[0]);
    }

    public int rows() {
        return targets.rows();
    }

    /** The same rows, some of which count more. */
    TrainingMatrix weighted(float[] weights) {
        return new TrainingMatrix(width, values, targets, weights);
    }

    /** How much a row counts. */
    float weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public TrainingMatrix range(int from, int to) {
        return new TrainingMatrix(
                width,
                Arrays.copyOfRange(values, from * width, to * width),
                targets.range(from, to),
                weights.length == 0 ? weights : Arrays.copyOfRange(weights, from, to));
    }

    /**
     * Writes magic, version, task, classes, rows and width, targets, values; all little endian.
     *
     * @throws ModelException if it doesn't fit 2 GB
     */
    public byte[] toBytes() {
        List<byte[]> classes =
                targets.classes().stream()
                        .map(each -> each.getBytes(StandardCharsets.UTF_8))
                        .toList();
        long size =
                24L
                        + classes.stream().mapToLong(each -> 4L + each.length).sum()
                        + 4L * (values.length + (long) targets.rows());
        if (size > Integer.MAX_VALUE - 8) {
            throw new ModelException(
                    "%,d rows of %d columns don't fit one matrix of 2 GB".formatted(rows(), width));
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(TASKS.indexOf(targets.task()))
                .putInt(classes.size());
        for (byte[] each : classes) {
            buffer.putInt(each.length).put(each);
        }
        buffer.putInt(rows()).putInt(width);
        buffer.asFloatBuffer().put(targets.values()).put(values);
        return buffer.array();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws ModelException if the bytes are anything else
     */
    public static TrainingMatrix fromBytes(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (buffer.getInt() != MAGIC || buffer.getInt() != VERSION) {
                throw new ModelException("not a training matrix of version %d".formatted(VERSION));
            }
            Task task = TASKS.get(buffer.getInt());
            String[] classes = new String[bounded(buffer.getInt(), 1 << 16)];
            for (int i = 0; i < classes.length; i++) {
                byte[] text = new byte[bounded(buffer.getInt(), buffer.remaining())];
                buffer.get(text);
                classes[i] = new String(text, StandardCharsets.UTF_8);
            }
            int rows = bounded(buffer.getInt(), buffer.remaining());
            int width = bounded(buffer.getInt(), buffer.remaining());
            if (buffer.remaining() != 4L * rows * (1L + width)) {
                throw new ModelException(
                        "a training matrix of %d rows and %d columns can't have %d bytes left"
                                .formatted(rows, width, buffer.remaining()));
            }
            float[] targets = new float[rows];
            float[] values = new float[rows * width];
            buffer.asFloatBuffer().get(targets).get(values);
            return new TrainingMatrix(width, values, new Targets(task, List.of(classes), targets));
        } catch (BufferUnderflowException | IndexOutOfBoundsException truncated) {
            throw new ModelException(
                    "a training matrix is cut off after %d bytes".formatted(bytes.length),
                    truncated);
        }
    }

    private static int bounded(int value, int limit) {
        if (value < 0 || value > limit) {
            throw new ModelException(
                    "a training matrix names a size of %d where at most %d fit"
                            .formatted(value, limit));
        }
        return value;
    }
}

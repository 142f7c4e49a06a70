package dev.perennial.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.perennial.core.metric.Task;
import dev.perennial.core.table.Table;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/** Serves one ONNX file. Safe for use by several threads. */
public final class Predictor implements AutoCloseable {
    private final OrtSession session;
    private final OnnxModel.Description description;
    private final FeatureFeed feed;
    private final Set<String> outputs;

    /** Held for reading while native code works on the session, for writing to close it. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;

    private Predictor(OrtSession session, OnnxModel.Description description) {
        this.session = session;
        this.description = description;
        this.feed = new FeatureFeed(description.features());
        this.outputs =
                session.getOutputNames().stream()
                        .filter(name -> !name.equals(OnnxModel.LABEL))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Loads a model.
     *
     * @param threads for one call
     * @throws ModelException if it is no model of ours, or ONNX Runtime refuses it
     */
    public static Predictor open(byte[] onnx, int threads) {
        OnnxModel.Description description = OnnxModel.describe(onnx);
        OrtSession session = OrtRuntime.open(onnx, threads);
        String output = output(description.task());
        if (!session.getOutputNames().contains(output)) {
            close(session);
            throw new ModelException("the model has no output '%s'".formatted(output));
        }
        return new Predictor(session, description);
    }

    public OnnxModel.Description description() {
        return description;
    }

    /**
     * Predicts.
     *
     * @param table with the model's feature columns; others are not looked at
     * @return per row the probability of each class, or the one number
     * @throws IllegalStateException if it is closed
     */
    public double[][] predict(Table table) {
        return answer(table).predictions();
    }

    /**
     * What a model says of rows.
     *
     * @param predictions per row the probability of each class, or the one number
     * @param expectedErrors the absolute error to expect of each number, where the model knows
     */
    public record Answers(double[][] predictions, Optional<double[]> expectedErrors) {}

    /** Whether a regression says how far off it may be. */
    public boolean expectsErrors() {
        return outputs.contains(OnnxModel.EXPECTED_ERROR);
    }

    /** As {@link #predict}, with everything that the model says. */
    public Answers answer(Table table) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            return run(table);
        } finally {
            use.readLock().unlock();
        }
    }

    private Answers run(Table table) {
        int width = Math.max(1, description.classes().size());
        double[][] predictions = new double[table.rows()][width];
        Optional<double[]> errors =
                expectsErrors() ? Optional.of(new double[table.rows()]) : Optional.empty();
        try {
            for (int from = 0; from < table.rows(); from += FeatureFeed.BLOCK) {
                int to = Math.min(table.rows(), from + FeatureFeed.BLOCK);
                Map<String, OnnxTensor> inputs = feed.tensors(table, from, to);
                try (OrtSession.Result result = session.run(inputs, outputs)) {
                    FloatBuffer values = floats(result, output(description.task()));
                    for (int row = from; row < to; row++) {
                        for (int column = 0; column < width; column++) {
                            predictions[row][column] = values.get();
                        }
                    }
                    if (errors.isPresent()) {
                        FloatBuffer expected = floats(result, OnnxModel.EXPECTED_ERROR);
                        for (int row = from; row < to; row++) {
                            errors.get()[row] = expected.get();
                        }
                    }
                } finally {
                    inputs.values().forEach(OnnxTensor::close);
                }
            }
            return new Answers(predictions, errors);
        } catch (OrtException failed) {
            throw new ModelException("the model failed: " + failed.getMessage(), failed);
        }
    }

    private static FloatBuffer floats(OrtSession.Result result, String output) {
        return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
    }

    private static String output(Task task) {
        return task == Task.REGRESSION ? OnnxModel.PREDICTION : OnnxModel.PROBABILITY;
    }

    /** Waits for predictions under way. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                close(session);
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException failed) {
            throw new ModelException("the model can't be closed: " + failed.getMessage(), failed);
        }
    }
}

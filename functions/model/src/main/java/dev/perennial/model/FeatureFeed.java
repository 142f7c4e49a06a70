package dev.perennial.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns blocks of a table's rows into the input tensors of a graph. */
final class FeatureFeed {
    /**
     * Rows per call of the graph: large enough to amortise it, small enough for its tensors to stay
     * in cache.
     */
    static final int BLOCK = 16_384;

    private final List<Feature> features;

    FeatureFeed(List<Feature> features) {
        this.features = features;
    }

    /** Tensors of rows [from, to); the caller closes them. */
    Map<String, OnnxTensor> tensors(Table table, int from, int to) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        FloatBuffer room = room(to - from);
        try {
            for (Feature feature : features) {
                tensors.put(
                        feature.name(),
                        feature.isNumber()
                                ? numbers(table.number(feature.name()).values(), from, to, room)
                                : texts(table.category(feature.name()), from, to));
            }
            return tensors;
        } catch (OrtException | RuntimeException failed) {
            tensors.values().forEach(OnnxTensor::close);
            throw failed;
        }
    }

    /** For the numbers of all features: memory outside the heap is dear by the piece. */
    private FloatBuffer room(int rows) {
        int numbers = Math.toIntExact(features.stream().filter(Feature::isNumber).count());
        return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES * rows, numbers))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Puts the values into what is left of the room. */
    private static OnnxTensor numbers(double[] values, int from, int to, FloatBuffer room)
            throws OrtException {
        int begin = room.position();
        for (int row = from; row < to; row++) {
            room.put((float) values[row]);
        }
        return OnnxTensor.createTensor(
                OrtRuntime.environment(), room.slice(begin, to - from), shape(from, to));
    }

    private static OnnxTensor texts(CategoryColumn column, int from, int to) throws OrtException {
        String[] texts = new String[to - from];
        for (int row = from; row < to; row++) {
            texts[row - from] =
                    column.text(row); // never null: a null in a string tensor ends the process
        }
        return OnnxTensor.createTensor(OrtRuntime.environment(), texts, shape(from, to));
    }

    private static long[] shape(int from, int to) {
        return new long[] {to - from, 1};
    }
}

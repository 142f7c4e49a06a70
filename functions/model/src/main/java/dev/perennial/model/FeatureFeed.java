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
        try {
            for (Feature feature : features) {
                tensors.put(feature.name(), tensor(feature, table, from, to));
            }
            return tensors;
        } catch (OrtException | RuntimeException failed) {
            tensors.values().forEach(OnnxTensor::close);
            throw failed;
        }
    }

    private static OnnxTensor tensor(Feature feature, Table table, int from, int to)
            throws OrtException {
        long[] shape = {to - from, 1};
        if (feature.isNumber()) {
            double[] values = table.number(feature.name()).values();
            FloatBuffer buffer =
                    ByteBuffer.allocateDirect(4 * (to - from))
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer();
            for (int row = from; row < to; row++) {
                buffer.put((float) values[row]);
            }
            return OnnxTensor.createTensor(OrtRuntime.environment(), buffer.flip(), shape);
        }
        CategoryColumn column = table.category(feature.name());
        String[] texts = new String[to - from];
        for (int row = from; row < to; row++) {
            texts[row - from] =
                    column.text(row); // never null: a null in a string tensor ends the process
        }
        return OnnxTensor.createTensor(OrtRuntime.environment(), texts, shape);
    }
}

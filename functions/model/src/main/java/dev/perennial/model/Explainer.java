package dev.perennial.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import dev.perennial.core.table.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says how much each feature contributed to a score, from the model's file alone: its preparation,
 * its trees or weights, and its calibration. Contributions and baseline add up to the calibrated
 * score: log odds of the positive class, a class's score before the softmax, or the number itself.
 */
public final class Explainer implements AutoCloseable {
    private final Preparation.Running preparation;
    private final Scores scores;
    private final double scale;
    private final double shift;

    private Explainer(Preparation.Running preparation, Scores scores, double scale, double shift) {
        this.preparation = preparation;
        this.scores = scores;
        this.scale = scale;
        this.shift = shift;
    }

    /** Adds to one margin's contributions: one per column of the matrix, then the baseline. */
    private sealed interface Scores {
        void add(float[] row, int margin, double[] contributions);
    }

    private record Trees(List<DecisionTree> trees, int[] margins, float[] base) implements Scores {
        @Override
        public void add(float[] row, int margin, double[] contributions) {
            contributions[contributions.length - 1] += base[margin];
            for (int tree = 0; tree < margins.length; tree++) {
                if (margins[tree] == margin) {
                    TreeShap.add(trees.get(tree), row, contributions);
                }
            }
        }
    }

    /** A column's weight times its distance from the mean, in standard deviations. */
    private record Weights(float[] means, float[] inverses, float[] weights, float[] intercepts)
            implements Scores {
        @Override
        public void add(float[] row, int margin, double[] contributions) {
            contributions[row.length] += intercepts[margin];
            for (int column = 0; column < row.length; column++) {
                if (!Float.isNaN(row[column])) {
                    contributions[column] +=
                            (double) (row[column] - means[column])
                                    * inverses[column]
                                    * weights[column * intercepts.length + margin];
                }
            }
        }
    }

    /**
     * One score, explained.
     *
     * @param baseline the score of the average training row
     * @param contributions by feature, in the order of the spec
     */
    public record Explanation(double baseline, Map<String, Double> contributions) {}

    /**
     * Reads a model.
     *
     * @throws ModelException if it was not written here, or by a version that kept too little to
     *     explain
     */
    public static Explainer open(byte[] onnx, int threads) {
        ModelProto model = OnnxModel.parse(onnx);
        GraphProto graph = model.getGraph();
        Optional<NodeProto> ensemble =
                graph.getNodeList().stream().filter(OnnxModel::holdsTheTrees).findFirst();
        Scores scores =
                ensemble.isPresent()
                        ? trees(ensemble.get(), OnnxModel.covers(model))
                        : new Weights(
                                floats(graph, LinearModel.MEANS),
                                floats(graph, LinearModel.INVERSES),
                                floats(graph, LinearModel.WEIGHTS),
                                floats(graph, LinearModel.INTERCEPTS));
        Calibrator calibrator = OnnxModel.calibrator(model);
        return new Explainer(
                Preparation.of(model).running(threads),
                scores,
                calibrator.scale(),
                calibrator.shift());
    }

    /**
     * Explains one row.
     *
     * @param table with the model's feature columns
     * @param margin 0, or of more than two classes the class's index
     */
    public Explanation explain(Table table, int row, int margin) {
        List<String> origins = preparation.origins();
        double[] contributions = new double[origins.size() + 1];
        float[] prepared = preparation.transform(table.range(row, row + 1));
        scores.add(prepared, margin, contributions);
        Map<String, Double> byFeature = new LinkedHashMap<>();
        for (int column = 0; column < origins.size(); column++) {
            byFeature.merge(origins.get(column), scale * contributions[column], Double::sum);
        }
        return new Explanation(scale * contributions[origins.size()] + shift, byFeature);
    }

    private static Trees trees(NodeProto ensemble, float[] covers) {
        Map<String, AttributeProto> table = new LinkedHashMap<>();
        ensemble.getAttributeList().forEach(each -> table.put(each.getName(), each));
        long[] ids = longs(table, "nodes_treeids");
        long[] lefts = longs(table, "nodes_truenodeids");
        long[] rights = longs(table, "nodes_falsenodeids");
        long[] columns = longs(table, "nodes_featureids");
        long[] missing = longs(table, "nodes_missing_value_tracks_true");
        List<ByteString> modes = attribute(table, "nodes_modes").getStringsList();
        List<Float> thresholds = attribute(table, "nodes_values").getFloatsList();
        List<Float> weights = attribute(table, "target_weights").getFloatsList();
        long[] targets = longs(table, "target_ids");
        if (covers.length != ids.length) {
            throw new ModelException(
                    "the model has %,d nodes and covers of %,d; it can't be explained"
                            .formatted(ids.length, covers.length));
        }
        List<DecisionTree> trees = new ArrayList<>();
        List<Integer> margins = new ArrayList<>();
        int leaf = 0;
        for (int from = 0; from < ids.length; ) {
            int to = from;
            while (to < ids.length && ids[to] == ids[from]) {
                to++;
            }
            int nodes = to - from;
            int[] left = new int[nodes];
            int[] right = new int[nodes];
            int[] column = new int[nodes];
            float[] value = new float[nodes];
            boolean[] goesLeft = new boolean[nodes];
            margins.add((int) targets[leaf]);
            for (int node = 0; node < nodes; node++) {
                boolean isLeaf = modes.get(from + node).equals(Onnx.LEAF);
                left[node] = isLeaf ? -1 : (int) lefts[from + node];
                right[node] = isLeaf ? -1 : (int) rights[from + node];
                column[node] = (int) columns[from + node];
                value[node] = isLeaf ? weights.get(leaf++) : thresholds.get(from + node);
                goesLeft[node] = missing[from + node] == 1;
            }
            trees.add(
                    new DecisionTree(
                            left,
                            right,
                            column,
                            value,
                            goesLeft,
                            Arrays.copyOfRange(covers, from, to)));
            from = to;
        }
        List<Float> base = attribute(table, "base_values").getFloatsList();
        float[] bases = new float[base.size()];
        for (int i = 0; i < bases.length; i++) {
            bases[i] = base.get(i);
        }
        return new Trees(trees, margins.stream().mapToInt(Integer::intValue).toArray(), bases);
    }

    private static AttributeProto attribute(Map<String, AttributeProto> table, String name) {
        AttributeProto attribute = table.get(name);
        if (attribute == null) {
            throw new ModelException("the model's trees have no " + name);
        }
        return attribute;
    }

    private static long[] longs(Map<String, AttributeProto> table, String name) {
        return attribute(table, name).getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(GraphProto graph, String initializer) {
        return Onnx.floats(graph, initializer)
                .orElseThrow(
                        () -> new ModelException("the model has neither trees nor " + initializer));
    }

    /** What {@link OnnxModel} keeps covers as: float32, little endian. */
    static byte[] bytes(float[] covers) {
        ByteBuffer buffer =
                ByteBuffer.allocate(Float.BYTES * covers.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(covers);
        return buffer.array();
    }

    static float[] covers(byte[] bytes) {
        float[] covers = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(covers);
        return covers;
    }

    @Override
    public void close() {
        preparation.close();
    }
}

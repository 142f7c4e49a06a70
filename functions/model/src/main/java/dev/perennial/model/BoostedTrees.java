package dev.perennial.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.protobuf.ByteString;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** A trained XGBoost model, cut to its best rounds. */
final class BoostedTrees implements TrainedModel {

    private final byte[] booster;
    private final Trees model;
    private final float[] base;
    private final int margins;
    private final int width;
    private final int rounds;

    private BoostedTrees(byte[] booster, Trees model, float[] base, int width, int rounds) {
        this.booster = booster;
        this.model = model;
        this.base = base;
        this.margins = base.length;
        this.width = width;
        this.rounds = rounds;
    }

    /** What is read of XGBoost's JSON; the rest is skipped. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Document(Learner learner) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Learner(
            @JsonProperty("learner_model_param") Parameters parameters,
            @JsonProperty("gradient_booster") GradientBooster booster) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Parameters(@JsonProperty("base_score") String baseScore) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record GradientBooster(Trees model) {}

    /**
     * All trees, in the order they were grown.
     *
     * @param classes per tree the class that it adds to
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Trees(List<Tree> trees, @JsonProperty("tree_info") int[] classes) {}

    /**
     * A tree by its nodes; node 0 is the root.
     *
     * @param left −1 for a leaf
     * @param conditions the threshold, or a leaf's value
     * @param defaultLeft 1 where a missing value goes left
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Tree(
            @JsonProperty("left_children") int[] left,
            @JsonProperty("right_children") int[] right,
            @JsonProperty("split_indices") int[] features,
            @JsonProperty("split_conditions") float[] conditions,
            @JsonProperty("default_left") int[] defaultLeft,
            @JsonProperty("loss_changes") float[] gains,
            @JsonProperty("sum_hessian") float[] covers) {
        int nodes() {
            return left.length;
        }

        boolean isLeaf(int node) {
            return left[node] < 0;
        }
    }

    /**
     * Reads what XGBoost trained.
     *
     * @param json the booster as JSON, for its trees
     * @param rounds how many of its rounds count
     * @param booster the booster in a form that can be loaded again, for its own predictions
     */
    static BoostedTrees of(byte[] json, Targets targets, int width, int rounds, byte[] booster) {
        Learner learner = Json.read("XGBoost's model", json, Document.class).learner();
        return new BoostedTrees(
                booster,
                learner.booster().model(),
                base(learner.parameters().baseScore(), targets),
                width,
                rounds);
    }

    /**
     * The scores' starting point: "[p]" as a probability for binary, "[v]" for regression, one per
     * class for multiclass.
     */
    private static float[] base(String written, Targets targets) {
        String[] parts = written.replaceAll("[\\[\\]\\s]", "").split(",", -1);
        float[] base = new float[targets.margins()];
        for (int i = 0; i < base.length; i++) {
            float value = Float.parseFloat(parts[parts.length == 1 ? 0 : i]);
            base[i] = targets.task() == Task.BINARY ? (float) -Math.log(1.0 / value - 1.0) : value;
        }
        return base;
    }

    @Override
    public float[] predict(TrainingMatrix matrix) {
        float[] flat = new float[matrix.rows() * margins];
        if (matrix.rows() == 0) {
            return flat;
        }
        Booster loaded = null;
        try {
            loaded = XGBoost.loadModel(new ByteArrayInputStream(booster));
            float[][] predicted =
                    loaded.inplace_predict(
                            matrix.values(),
                            matrix.rows(),
                            matrix.width(),
                            Float.NaN,
                            new int[] {0, rounds},
                            Booster.PredictionType.kMargin,
                            null);
            for (int row = 0; row < predicted.length; row++) {
                System.arraycopy(predicted[row], 0, flat, row * margins, margins);
            }
            return flat;
        } catch (XGBoostError | IOException failed) {
            throw new ModelException("XGBoost can't predict: " + failed.getMessage(), failed);
        } finally {
            if (loaded != null) {
                loaded.dispose();
            }
        }
    }

    @Override
    public int margins() {
        return margins;
    }

    @Override
    public int rounds() {
        return rounds;
    }

    /** Total gain: the sum of loss changes of all splits on a column. */
    @Override
    public double[] importance() {
        double[] gain = new double[width];
        for (Tree tree : used()) {
            for (int node = 0; node < tree.nodes(); node++) {
                if (!tree.isLeaf(node)) {
                    gain[tree.features()[node]] += Math.max(0, tree.gains()[node]);
                }
            }
        }
        return gain;
    }

    @Override
    public float[] covers() {
        float[] covers = new float[used().stream().mapToInt(Tree::nodes).sum()];
        int next = 0;
        for (Tree tree : used()) {
            System.arraycopy(tree.covers(), 0, covers, next, tree.nodes());
            next += tree.nodes();
        }
        return covers;
    }

    private List<Tree> used() {
        return model.trees().subList(0, rounds * margins);
    }

    @Override
    public void append(GraphProto.Builder graph, String input, String scores) {
        Ensemble ensemble = new Ensemble();
        for (int tree = 0; tree < rounds * margins; tree++) {
            ensemble.add(model.trees().get(tree), tree, model.classes()[tree]);
        }
        graph.addNode(
                Onnx.node(Onnx.TREES, Onnx.ML, List.of(input), scores, ensemble.attributes(base)));
    }

    /** The columns of ONNX's tree table, as long as there are nodes or leaves in all trees. */
    private static final class Ensemble {
        /** XGBoost goes left where value < threshold. */
        private static final ByteString BRANCH = ByteString.copyFromUtf8("BRANCH_LT");

        private final AttributeProto.Builder treeIds = Onnx.ints("nodes_treeids");
        private final AttributeProto.Builder nodeIds = Onnx.ints("nodes_nodeids");
        private final AttributeProto.Builder features = Onnx.ints("nodes_featureids");
        private final AttributeProto.Builder thresholds = Onnx.floats("nodes_values");
        private final AttributeProto.Builder modes = Onnx.strings("nodes_modes");
        private final AttributeProto.Builder lefts = Onnx.ints("nodes_truenodeids");
        private final AttributeProto.Builder rights = Onnx.ints("nodes_falsenodeids");
        private final AttributeProto.Builder missingGoesLeft =
                Onnx.ints("nodes_missing_value_tracks_true");
        private final AttributeProto.Builder leafTrees = Onnx.ints("target_treeids");
        private final AttributeProto.Builder leafNodes = Onnx.ints("target_nodeids");
        private final AttributeProto.Builder leafTargets = Onnx.ints("target_ids");
        private final AttributeProto.Builder leafWeights = Onnx.floats("target_weights");

        void add(Tree tree, long id, long target) {
            for (int node = 0; node < tree.nodes(); node++) {
                boolean leaf = tree.isLeaf(node);
                treeIds.addInts(id);
                nodeIds.addInts(node);
                modes.addStrings(leaf ? Onnx.LEAF : BRANCH);
                features.addInts(leaf ? 0 : tree.features()[node]);
                thresholds.addFloats(leaf ? 0 : tree.conditions()[node]);
                lefts.addInts(leaf ? 0 : tree.left()[node]);
                rights.addInts(leaf ? 0 : tree.right()[node]);
                missingGoesLeft.addInts(!leaf && tree.defaultLeft()[node] == 1 ? 1 : 0);
                if (leaf) {
                    leafTrees.addInts(id);
                    leafNodes.addInts(node);
                    leafTargets.addInts(target);
                    leafWeights.addFloats(tree.conditions()[node]);
                }
            }
        }

        AttributeProto[] attributes(float[] base) {
            AttributeProto.Builder baseValues = Onnx.floats("base_values");
            for (float value : base) {
                baseValues.addFloats(value);
            }
            return Stream.concat(
                            Stream.of(
                                            treeIds,
                                            nodeIds,
                                            features,
                                            thresholds,
                                            modes,
                                            lefts,
                                            rights,
                                            missingGoesLeft,
                                            leafTrees,
                                            leafNodes,
                                            leafTargets,
                                            leafWeights,
                                            baseValues)
                                    .map(AttributeProto.Builder::build),
                            Stream.of(
                                    Onnx.integer("n_targets", base.length),
                                    Onnx.string("aggregate_function", "SUM"),
                                    Onnx.string("post_transform", "NONE")))
                    .toArray(AttributeProto[]::new);
        }
    }
}

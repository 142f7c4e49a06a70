package dev.perennial.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tools.jackson.databind.JsonNode;

/** A trained XGBoost model, cut to its best rounds. */
final class BoostedTrees implements TrainedModel {
    private final byte[] booster;
    private final JsonNode trees;
    private final JsonNode treeClasses;
    private final float[] base;
    private final int margins;
    private final int width;
    private final int rounds;

    private BoostedTrees(
            byte[] booster,
            JsonNode trees,
            JsonNode treeClasses,
            float[] base,
            int width,
            int rounds) {
        this.booster = booster;
        this.trees = trees;
        this.treeClasses = treeClasses;
        this.base = base;
        this.margins = base.length;
        this.width = width;
        this.rounds = rounds;
    }

    /**
     * Reads what XGBoost trained.
     *
     * @param json the booster as JSON, for its trees
     * @param rounds how many of its rounds count
     * @param booster the booster in a form that can be loaded again, for its own predictions
     */
    static BoostedTrees of(byte[] json, Targets targets, int width, int rounds, byte[] booster) {
        JsonNode learner = Json.tree("XGBoost's model", json).get("learner");
        JsonNode model = learner.get("gradient_booster").get("model");
        float[] base =
                base(learner.get("learner_model_param").get("base_score").asString(), targets);
        return new BoostedTrees(
                booster, model.get("trees"), model.get("tree_info"), base, width, rounds);
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
        for (int tree = 0; tree < rounds * margins; tree++) {
            JsonNode node = trees.get(tree);
            for (int i = 0; i < node.get("left_children").size(); i++) {
                if (node.get("left_children").get(i).asInt() >= 0) {
                    gain[node.get("split_indices").get(i).asInt()] +=
                            Math.max(0, node.get("loss_changes").get(i).asDouble());
                }
            }
        }
        return gain;
    }

    @Override
    public String append(GraphProto.Builder graph, String input) {
        Ensemble ensemble = new Ensemble();
        for (int tree = 0; tree < rounds * margins; tree++) {
            ensemble.add(trees.get(tree), tree, treeClasses.get(tree).asInt());
        }
        String scores = Onnx.INTERNAL + "scores";
        graph.addNode(
                Onnx.node(
                        "TreeEnsembleRegressor",
                        Onnx.ML,
                        List.of(input),
                        scores,
                        Onnx.ints("nodes_treeids", ensemble.treeIds),
                        Onnx.ints("nodes_nodeids", ensemble.nodeIds),
                        Onnx.ints("nodes_featureids", ensemble.features),
                        Onnx.floats("nodes_values", ensemble.thresholds),
                        Onnx.strings("nodes_modes", ensemble.modes),
                        Onnx.ints("nodes_truenodeids", ensemble.lefts),
                        Onnx.ints("nodes_falsenodeids", ensemble.rights),
                        Onnx.ints("nodes_missing_value_tracks_true", ensemble.missingGoesLeft),
                        Onnx.ints("target_treeids", ensemble.leafTrees),
                        Onnx.ints("target_nodeids", ensemble.leafNodes),
                        Onnx.ints("target_ids", ensemble.leafTargets),
                        Onnx.floats("target_weights", ensemble.leafWeights),
                        Onnx.integer("n_targets", margins),
                        Onnx.floats("base_values", boxed(base)),
                        Onnx.string("aggregate_function", "SUM"),
                        Onnx.string("post_transform", "NONE")));
        return scores;
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    /** The columns of ONNX's tree table. */
    private static final class Ensemble {
        final List<Long> treeIds = new ArrayList<>();
        final List<Long> nodeIds = new ArrayList<>();
        final List<Long> features = new ArrayList<>();
        final List<Float> thresholds = new ArrayList<>();
        final List<String> modes = new ArrayList<>();
        final List<Long> lefts = new ArrayList<>();
        final List<Long> rights = new ArrayList<>();
        final List<Long> missingGoesLeft = new ArrayList<>();
        final List<Long> leafTrees = new ArrayList<>();
        final List<Long> leafNodes = new ArrayList<>();
        final List<Long> leafTargets = new ArrayList<>();
        final List<Float> leafWeights = new ArrayList<>();

        void add(JsonNode tree, long id, long target) {
            JsonNode left = tree.get("left_children");
            for (int node = 0; node < left.size(); node++) {
                boolean leaf = left.get(node).asInt() < 0;
                float value = (float) tree.get("split_conditions").get(node).asDouble();
                treeIds.add(id);
                nodeIds.add((long) node);
                modes.add(leaf ? "LEAF" : "BRANCH_LT"); // XGBoost goes left where value < threshold
                features.add(leaf ? 0L : tree.get("split_indices").get(node).asLong());
                thresholds.add(leaf ? 0f : value);
                lefts.add(leaf ? 0L : left.get(node).asLong());
                rights.add(leaf ? 0L : tree.get("right_children").get(node).asLong());
                missingGoesLeft.add(
                        !leaf && tree.get("default_left").get(node).asInt() == 1 ? 1L : 0L);
                if (leaf) {
                    leafTrees.add(id);
                    leafNodes.add((long) node);
                    leafTargets.add(target);
                    leafWeights.add(value);
                }
            }
        }
    }
}

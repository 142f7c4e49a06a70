package dev.perennial.model;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Models of boosted trees as one. The mean of their scores is again a sum of trees: all of theirs,
 * each leaf divided by the number of models. What one of them learned by chance the others did not.
 */
public final class AveragedTrees {
    private AveragedTrees() {}

    /**
     * Writes the mean of models into one file.
     *
     * @param files as {@link OnnxModel} writes them, all with the same preparation; their
     *     calibrations and expected errors are left out
     * @param calibrator of the mean
     * @throws ModelException if preparations differ, or a model has no trees
     */
    public static byte[] write(List<byte[]> files, Calibrator calibrator) {
        List<ModelProto> models = files.stream().map(OnnxModel::parse).toList();
        ModelProto common = common(models.getFirst(), calibrator);
        for (int i = 1; i < models.size(); i++) {
            if (!common(models.get(i), calibrator).equals(common)) {
                throw new ModelException(
                        "the first model to average and number %d were prepared differently"
                                .formatted(i + 1));
            }
        }
        ModelProto.Builder averaged = common.toBuilder();
        averaged.getGraphBuilder()
                .setNode(
                        position(common),
                        merged(
                                models.stream()
                                        .map(model -> model.getGraph().getNode(position(model)))
                                        .toList()));
        OnnxModel.putCovers(averaged, covers(models));
        return averaged.build().toByteArray();
    }

    /**
     * What that file gives before calibration.
     *
     * @param scores of each model, rows × margins
     */
    public static float[] scores(List<float[]> scores) {
        float[] means = new float[scores.getFirst().length];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (float[] each : scores) {
                sum += each[i];
            }
            means[i] = (float) (sum / scores.size());
        }
        return means;
    }

    /** A model without what is its own: trees, how many rows came by them, and calibration. */
    private static ModelProto common(ModelProto model, Calibrator calibrator) {
        ModelProto.Builder common = model.toBuilder();
        OnnxModel.putCovers(common, new float[0]);
        GraphProto.Builder graph = common.getGraphBuilder();
        graph.getNodeBuilder(position(model)).clearAttribute();
        OnnxModel.dropExpectedError(graph);
        calibrator.replace(graph);
        return common.build();
    }

    private static int position(ModelProto model) {
        List<NodeProto> nodes = model.getGraph().getNodeList();
        return IntStream.range(0, nodes.size())
                .filter(i -> OnnxModel.holdsTheTrees(nodes.get(i)))
                .findFirst()
                .orElseThrow(() -> new ModelException("a model to average has no trees"));
    }

    /** One table of trees: columns one behind the other, in which a model's trees count on. */
    private static NodeProto merged(List<NodeProto> ensembles) {
        NodeProto first = ensembles.getFirst();
        List<AttributeProto.Builder> columns =
                first.getAttributeList().stream()
                        .map(each -> each.toBuilder().clearInts().clearFloats().clearStrings())
                        .toList();
        long trees = 0;
        for (NodeProto ensemble : ensembles) {
            long next = trees;
            for (int i = 0; i < columns.size(); i++) {
                AttributeProto theirs = ensemble.getAttribute(i);
                AttributeProto.Builder column = columns.get(i);
                switch (theirs.getName()) {
                    case "nodes_treeids", "target_treeids" -> {
                        for (long id : theirs.getIntsList()) {
                            column.addInts(trees + id);
                            next = Math.max(next, trees + id + 1);
                        }
                    }
                    case "target_weights" ->
                            theirs.getFloatsList()
                                    .forEach(weight -> column.addFloats(weight / ensembles.size()));
                    case "base_values" -> add(column, theirs, ensembles.size());
                    default ->
                            column.addAllInts(theirs.getIntsList())
                                    .addAllFloats(theirs.getFloatsList())
                                    .addAllStrings(theirs.getStringsList());
                }
            }
            trees = next;
        }
        NodeProto.Builder merged = first.toBuilder().clearAttribute();
        columns.forEach(merged::addAttribute);
        return merged.build();
    }

    private static void add(AttributeProto.Builder mean, AttributeProto base, int models) {
        for (int margin = 0; margin < base.getFloatsCount(); margin++) {
            float share = base.getFloats(margin) / models;
            if (margin < mean.getFloatsCount()) {
                mean.setFloats(margin, mean.getFloats(margin) + share);
            } else {
                mean.addFloats(share);
            }
        }
    }

    private static float[] covers(List<ModelProto> models) {
        List<float[]> all = new ArrayList<>();
        models.forEach(model -> all.add(OnnxModel.covers(model)));
        FloatBuffer covers = FloatBuffer.allocate(all.stream().mapToInt(each -> each.length).sum());
        all.forEach(covers::put);
        return covers.array();
    }
}

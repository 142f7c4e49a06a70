package dev.perennial.model;

import ai.onnx.proto.OnnxMl.GraphProto;

/** What a trainer made: it predicts prepared rows, and writes itself into an ONNX graph. */
public sealed interface TrainedModel permits BoostedTrees, LinearModel {
    /**
     * Raw scores: log odds of the positive class, one score per class, or the number.
     *
     * @return rows × {@link #margins()} , row-major
     */
    float[] predict(TrainingMatrix matrix);

    /** Raw scores per row: 1 for binary and regression, one per class for multiclass. */
    int margins();

    /** Trees per class, or iterations. */
    int rounds();

    /** How much each column of the matrix contributes; not negative, not normalised. */
    double[] importance();

    /**
     * How much of the training rows came by each node of the trees, in the order that {@link
     * #append} writes them; empty where there are no trees.
     */
    float[] covers();

    /**
     * Appends nodes that compute the raw scores.
     *
     * @param input name of the prepared matrix
     * @param scores name of what they give, [N, margins]
     */
    void append(GraphProto.Builder graph, String input, String scores);
}

package dev.perennial.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.ArrayList;
import java.util.List;

/** A trained linear model over standardised columns. */
final class LinearModel implements TrainedModel {
    private static final String PREFIX = Onnx.INTERNAL + "linear/";
    static final String MEANS = PREFIX + "means";
    static final String INVERSES = PREFIX + "inverses";

    /** Width × margins. */
    static final String WEIGHTS = PREFIX + "weights";

    static final String INTERCEPTS = PREFIX + "intercepts";

    private final LinearTrainer.Standardisation columns;
    private final double[] parameters;
    private final int margins;
    private final int width;
    private final int iterations;

    /**
     * Takes what was trained.
     *
     * @param parameters for each margin its weights, then its intercept
     */
    LinearModel(
            LinearTrainer.Standardisation columns,
            double[] parameters,
            int margins,
            int width,
            int iterations) {
        this.columns = columns;
        this.parameters = parameters;
        this.margins = margins;
        this.width = width;
        this.iterations = iterations;
    }

    /** Fills the scores of one standardised row. */
    static void score(float[] rows, int offset, int width, double[] parameters, double[] scores) {
        for (int margin = 0; margin < scores.length; margin++) {
            int base = margin * (width + 1);
            double score = parameters[base + width];
            for (int column = 0; column < width; column++) {
                score += parameters[base + column] * rows[offset + column];
            }
            scores[margin] = score;
        }
    }

    @Override
    public float[] predict(TrainingMatrix matrix) {
        float[] standardised = columns.apply(matrix);
        float[] flat = new float[matrix.rows() * margins];
        double[] scores = new double[margins];
        for (int row = 0; row < matrix.rows(); row++) {
            score(standardised, row * width, width, parameters, scores);
            for (int margin = 0; margin < margins; margin++) {
                flat[row * margins + margin] = (float) scores[margin];
            }
        }
        return flat;
    }

    @Override
    public int margins() {
        return margins;
    }

    @Override
    public int rounds() {
        return iterations;
    }

    /** Sum over margins of the absolute standardised weights. */
    @Override
    public double[] importance() {
        double[] importance = new double[width];
        for (int margin = 0; margin < margins; margin++) {
            for (int column = 0; column < width; column++) {
                if (columns.inverses()[column] > 0) {
                    importance[column] += Math.abs(parameters[margin * (width + 1) + column]);
                }
            }
        }
        return importance;
    }

    @Override
    public float[] covers() {
        return new float[0];
    }

    @Override
    public void append(GraphProto.Builder graph, String input, String scores) {
        float[] weights = new float[width * margins];
        float[] intercepts = new float[margins];
        for (int margin = 0; margin < margins; margin++) {
            for (int column = 0; column < width; column++) {
                weights[column * margins + margin] =
                        (float) parameters[margin * (width + 1) + column];
            }
            intercepts[margin] = (float) parameters[margin * (width + 1) + width];
        }
        List<Float> means = new ArrayList<>();
        for (float mean : columns.means()) {
            means.add(mean);
        }
        graph.addNode(
                Onnx.node(
                        "Imputer",
                        Onnx.ML,
                        List.of(input),
                        PREFIX + "imputed",
                        Onnx.floats("imputed_value_floats", means),
                        Onnx.number("replaced_value_float", Float.NaN)));
        graph.addInitializer(Onnx.tensor(MEANS, columns.means(), width));
        graph.addInitializer(Onnx.tensor(INVERSES, columns.inverses(), width));
        graph.addInitializer(Onnx.tensor(WEIGHTS, weights, width, margins));
        graph.addInitializer(Onnx.tensor(INTERCEPTS, intercepts, margins));
        graph.addNode(Onnx.node("Sub", "", List.of(PREFIX + "imputed", MEANS), PREFIX + "centred"));
        graph.addNode(
                Onnx.node("Mul", "", List.of(PREFIX + "centred", INVERSES), PREFIX + "scaled"));
        graph.addNode(
                Onnx.node("MatMul", "", List.of(PREFIX + "scaled", WEIGHTS), PREFIX + "product"));
        graph.addNode(Onnx.node("Add", "", List.of(PREFIX + "product", INTERCEPTS), scores));
    }
}

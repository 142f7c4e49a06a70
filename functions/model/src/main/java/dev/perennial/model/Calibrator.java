package dev.perennial.model;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.Calibration;
import java.util.Arrays;
import java.util.List;

/**
 * Turns scores into probabilities: σ(scale·s + shift) for two classes (Platt 1999),
 * softmax(scale·s) for more (Guo et al. 2017, scale = 1/temperature), the score itself for
 * regression.
 *
 * @param scale 1 where nothing was fitted
 * @param shift 0 where nothing was fitted
 */
public record Calibrator(Task task, float scale, float shift) {
    private static final String PREFIX = Onnx.INTERNAL + "calibration/";

    /** One value for all scores; of two classes 0 for the negative one, then the positive one's. */
    static final String SCALE = PREFIX + "scale";

    static final String SHIFT = PREFIX + "shift";

    private static final int MAX_ITERATIONS = 100;

    /** In log odds. */
    private static final double WIDEST_SHIFT = 50;

    /** With fewer rows of a class, a fit would flatten every score to that class's share. */
    private static final int LEAST_OF_A_CLASS = 10;

    /**
     * Fits on rows that were not trained on, and keeps the fit only if it lowers their log loss and
     * keeps the order of the scores. Two classes need {@value #LEAST_OF_A_CLASS} rows each.
     *
     * @param scores rows × margins
     */
    public static Calibrator fit(Calibration how, float[] scores, Targets targets) {
        Calibrator identity = new Calibrator(targets.task(), 1, 0);
        if (how == Calibration.NONE || targets.task() == Task.REGRESSION || targets.rows() == 0) {
            return identity;
        }
        if (targets.task() == Task.BINARY && rarest(targets) < LEAST_OF_A_CLASS) {
            return identity;
        }
        Calibrator fitted =
                targets.task() == Task.BINARY
                        ? platt(scores, targets)
                        : temperature(scores, targets);
        if (fitted.scale() <= 0) {
            return identity; // a calibration never turns the order of a model's scores round
        }
        return fitted.loss(scores, targets) < identity.loss(scores, targets) ? fitted : identity;
    }

    /** Of two classes the last one's numbers are the positive one's. */
    static Calibrator of(Task task, GraphProto graph) {
        return new Calibrator(
                task,
                Onnx.floats(graph, SCALE).map(all -> all[all.length - 1]).orElse(1f),
                Onnx.floats(graph, SHIFT).map(all -> all[all.length - 1]).orElse(0f));
    }

    /** Takes as much confidence as this does, and adds none. */
    public Calibrator cautious() {
        return new Calibrator(task, Math.min(scale, 1), shift);
    }

    /**
     * For another model of the same kind: its predictions for the rows that it was trained on are
     * to be right in the mean. The shift said how held-out rows differed from those before them,
     * and a model that knows them needs none. Nor does one whose scores stay as they are, or that
     * knows next to nothing of a class.
     *
     * @param scores of the rows that it was trained on
     */
    public Calibrator centred(float[] scores, TrainingMatrix trained) {
        if (task != Task.BINARY || scale == 1 || rarest(trained.targets()) < LEAST_OF_A_CLASS) {
            return new Calibrator(task, scale, 0);
        }
        double positives = 0;
        for (int row = 0; row < trained.rows(); row++) {
            positives += (double) trained.weight(row) * trained.targets().values()[row];
        }
        double low = -WIDEST_SHIFT;
        double high = WIDEST_SHIFT;
        while (high - low > 1e-6) {
            double middle = (low + high) / 2;
            double predicted = 0;
            for (int row = 0; row < scores.length; row++) {
                predicted += trained.weight(row) * sigmoid((double) scale * scores[row] + middle);
            }
            if (predicted < positives) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new Calibrator(task, scale, (float) ((low + high) / 2));
    }

    /**
     * The scores behind predictions of this, but for a number that is the same for all classes.
     *
     * @param predictions as this made them
     * @return rows × margins
     */
    public float[] scores(double[][] predictions) {
        int margins =
                predictions.length == 0 || task != Task.MULTICLASS ? 1 : predictions[0].length;
        float[] scores = new float[predictions.length * margins];
        for (int row = 0; row < predictions.length; row++) {
            double[] predicted = predictions[row];
            switch (task) {
                case REGRESSION -> scores[row] = (float) predicted[0];
                case BINARY ->
                        scores[row] =
                                (float) ((log(predicted[1]) - log(predicted[0]) - shift) / scale);
                case MULTICLASS -> {
                    for (int i = 0; i < margins; i++) {
                        scores[row * margins + i] = (float) (log(predicted[i]) / scale);
                    }
                }
            }
        }
        return scores;
    }

    private static double log(double probability) {
        return Math.log(Math.max(probability, Float.MIN_NORMAL));
    }

    private static int rarest(Targets targets) {
        int positives = 0;
        for (float target : targets.values()) {
            positives += target > 0 ? 1 : 0;
        }
        return Math.min(positives, targets.rows() - positives);
    }

    /** Newton's method with backtracking on Platt's smoothed targets (Lin, Lin and Weng 2007). */
    private static Calibrator platt(float[] scores, Targets targets) {
        int positives = 0;
        for (float target : targets.values()) {
            positives += target > 0 ? 1 : 0;
        }
        int negatives = targets.rows() - positives;
        double high = (positives + 1.0) / (positives + 2.0);
        double low = 1.0 / (negatives + 2.0);
        double a = 1;
        double b = 0;
        double loss = smoothedLoss(scores, targets, a, b, high, low);
        for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            double haa = 1e-12;
            double hbb = 1e-12;
            double hab = 0;
            double ga = 0;
            double gb = 0;
            for (int row = 0; row < scores.length; row++) {
                double p = sigmoid(a * scores[row] + b);
                double slope = p - (targets.values()[row] > 0 ? high : low);
                double weight = p * (1 - p);
                ga += slope * scores[row];
                gb += slope;
                haa += weight * scores[row] * scores[row];
                hab += weight * scores[row];
                hbb += weight;
            }
            if (Math.max(Math.abs(ga), Math.abs(gb)) < 1e-8 * scores.length) {
                break;
            }
            double determinant = haa * hbb - hab * hab;
            double da = -(hbb * ga - hab * gb) / determinant;
            double db = -(haa * gb - hab * ga) / determinant;
            double size = 1;
            double next = smoothedLoss(scores, targets, a + da, b + db, high, low);
            while (!(next <= loss) && size > 1e-10) {
                size /= 2;
                next = smoothedLoss(scores, targets, a + size * da, b + size * db, high, low);
            }
            if (!(next < loss)) {
                break;
            }
            a += size * da;
            b += size * db;
            loss = next;
        }
        return new Calibrator(Task.BINARY, (float) a, (float) b);
    }

    private static double smoothedLoss(
            float[] scores, Targets targets, double a, double b, double high, double low) {
        double loss = 0;
        for (int row = 0; row < scores.length; row++) {
            double s = a * scores[row] + b;
            double target = targets.values()[row] > 0 ? high : low;
            loss += Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - target * s;
        }
        return loss;
    }

    /** Golden-section search for log scale in [−4, 4]; the loss is convex in scale. */
    private static Calibrator temperature(float[] scores, Targets targets) {
        double ratio = (Math.sqrt(5) - 1) / 2;
        double low = -4;
        double high = 4;
        while (high - low > 1e-6) {
            double left = high - ratio * (high - low);
            double right = low + ratio * (high - low);
            if (scaled(left).loss(scores, targets) <= scaled(right).loss(scores, targets)) {
                high = right;
            } else {
                low = left;
            }
        }
        return scaled((low + high) / 2);
    }

    private static Calibrator scaled(double logScale) {
        return new Calibrator(Task.MULTICLASS, (float) Math.exp(logScale), 0);
    }

    /** Mean log loss (classes) or root mean squared error (regression). */
    public double loss(float[] scores, Targets targets) {
        int rows = targets.rows();
        if (rows == 0) {
            return Double.NaN;
        }
        double sum = 0;
        if (task == Task.REGRESSION) {
            for (int row = 0; row < rows; row++) {
                double error = scores[row] - targets.values()[row];
                sum += error * error;
            }
            return Math.sqrt(sum / rows);
        }
        double[][] probabilities = probabilities(scores, rows);
        for (int row = 0; row < rows; row++) {
            double given = probabilities[row][(int) targets.values()[row]];
            sum -= Math.log(Math.max(given, ClassPredictions.LEAST_PROBABILITY));
        }
        return sum / rows;
    }

    /**
     * What a model with these scores predicts: probabilities per row and class, or one value per
     * row.
     *
     * @param scores rows × margins
     */
    public double[][] predictions(float[] scores, int rows) {
        if (task != Task.REGRESSION) {
            return probabilities(scores, rows);
        }
        double[][] values = new double[rows][];
        for (int row = 0; row < rows; row++) {
            values[row] = new double[] {scores[row]};
        }
        return values;
    }

    /**
     * Probabilities per row and class.
     *
     * @param scores rows × margins
     */
    public double[][] probabilities(float[] scores, int rows) {
        int margins = rows == 0 ? 1 : scores.length / rows;
        double[][] probabilities = new double[rows][];
        for (int row = 0; row < rows; row++) {
            if (task == Task.BINARY) {
                double score = (double) scale * scores[row] + shift;
                // 1 − σ(s) would be 0 where σ(−s) is small.
                probabilities[row] = new double[] {sigmoid(-score), sigmoid(score)};
            } else {
                probabilities[row] = softmax(scaled(scores, row * margins, margins));
            }
        }
        return probabilities;
    }

    private double[] scaled(float[] scores, int from, int count) {
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            result[i] = (double) scale * scores[from + i];
        }
        return result;
    }

    private static double[] softmax(double[] scores) {
        double highest = Arrays.stream(scores).max().orElseThrow();
        double[] result = new double[scores.length];
        double sum = 0;
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.exp(scores[i] - highest);
            sum += result[i];
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= sum;
        }
        return result;
    }

    private static double sigmoid(double score) {
        return 1 / (1 + Math.exp(-score));
    }

    private List<TensorProto> constants() {
        boolean binary = task == Task.BINARY;
        float[] scales = binary ? new float[] {0, scale} : new float[] {scale};
        float[] shifts = binary ? new float[] {0, shift} : new float[] {shift};
        return List.of(
                Onnx.tensor(SCALE, scales, scales.length),
                Onnx.tensor(SHIFT, shifts, shifts.length));
    }

    /** Puts itself into a graph in place of the calibration that it was written with. */
    void replace(GraphProto.Builder graph) {
        for (TensorProto constant : constants()) {
            graph.getInitializerBuilderList().stream()
                    .filter(each -> each.getName().equals(constant.getName()))
                    .forEach(each -> each.clear().mergeFrom(constant));
        }
    }

    /**
     * Appends nodes from scores to {@code probability}, [N, classes]; or to {@code prediction}, [N,
     * 1].
     */
    void append(GraphProto.Builder graph, String scores) {
        if (task == Task.REGRESSION) {
            graph.addNode(Onnx.node("Identity", "", List.of(scores), OnnxModel.PREDICTION));
            return;
        }
        // Of two classes the negative one's score is 0: their softmax is σ(−s) and σ(s), each as
        // exact
        // as float32 can be, where 1 − σ(s) is 0 from 17 on.
        constants().forEach(graph::addInitializer);
        graph.addNode(Onnx.node("Mul", "", List.of(scores, SCALE), PREFIX + "scaled"));
        graph.addNode(
                Onnx.node("Add", "", List.of(PREFIX + "scaled", SHIFT), PREFIX + "calibrated"));
        graph.addNode(
                Onnx.node(
                        "Softmax",
                        "",
                        List.of(PREFIX + "calibrated"),
                        OnnxModel.PROBABILITY,
                        Onnx.integer("axis", 1)));
    }
}

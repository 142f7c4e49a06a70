package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.metric.Task;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibratorTest {
    private static final List<String> CLASSES = List.of("no", "yes");

    /** log(1 + e^17.5) is 17.5; a negative class of 1 − σ(17.5) in float32 would be 0. */
    @ParameterizedTest
    @ValueSource(floats = {-30, -17.5f, -3, 0, 0.25f, 17.5f, 30})
    void confidentScores_keepTheirLogLossInTheFile(float score) throws OrtException {
        Calibrator calibrator = new Calibrator(Task.BINARY, 1, 0);
        float[] served = served(calibrator, score);
        for (int label = 0; label < 2; label++) {
            Targets targets = new Targets(Task.BINARY, CLASSES, new float[] {label});
            double wrongBy = label == 1 ? -score : score;
            double exact = Math.max(wrongBy, 0) + Math.log1p(Math.exp(-Math.abs(wrongBy)));

            double trained = calibrator.loss(new float[] {score}, targets);
            double measured =
                    Metric.LOG_LOSS
                            .of(
                                    new ClassPredictions(
                                            CLASSES,
                                            new int[] {label},
                                            new double[][] {{served[0], served[1]}}))
                            .orElseThrow();

            assertEquals(exact, trained, 1e-9 + 1e-7 * exact);
            assertEquals(exact, measured, 1e-6 + 1e-6 * exact);
        }
    }

    @Test
    void scaleAndShift_areInTheFile() throws OrtException {
        Calibrator calibrator = new Calibrator(Task.BINARY, 0.5f, -1);

        float[] served = served(calibrator, 3);

        double expected = 1 / (1 + Math.exp(-0.5));
        assertEquals(expected, served[1], 1e-7);
        assertEquals(1 - expected, served[0], 1e-7);
        assertEquals(expected, calibrator.probabilities(new float[] {3}, 1)[0][1], 1e-12);
    }

    private static TrainingMatrix rows(int positives) {
        float[] scores = new float[60];
        float[] labels = new float[60];
        float[] weights = new float[60];
        for (int row = 0; row < 60; row++) {
            scores[row] = row / 10f - 3;
            labels[row] = (row * 7) % 60 < positives ? 1 : 0;
            weights[row] = row < 30 ? 0.5f : 1.5f;
        }
        return new TrainingMatrix(1, scores, new Targets(Task.BINARY, CLASSES, labels))
                .weighted(weights);
    }

    @Test
    void centred_isRightInTheMeanOfTheNewModelsOwnRows_weighted() {
        TrainingMatrix rows = rows(20);

        Calibrator centred = new Calibrator(Task.BINARY, 0.5f, -3).centred(rows.values(), rows);

        assertEquals(0.5f, centred.scale());
        double predicted = 0;
        double positives = 0;
        double[][] probabilities = centred.probabilities(rows.values(), 60);
        for (int row = 0; row < 60; row++) {
            predicted += rows.weight(row) * probabilities[row][1];
            positives += rows.weight(row) * rows.targets().values()[row];
        }
        assertEquals(positives, predicted, 1e-4);
    }

    @Test
    void centred_leavesPlainScoresAlone_andThoseOfRowsWithNextToOneClass() {
        assertEquals(
                new Calibrator(Task.BINARY, 1, 0),
                new Calibrator(Task.BINARY, 1, 2).centred(rows(20).values(), rows(20)));
        assertEquals(
                new Calibrator(Task.BINARY, 0.5f, 0),
                new Calibrator(Task.BINARY, 0.5f, 2).centred(rows(0).values(), rows(0)));
    }

    @Test
    void cautious_takesConfidence_andAddsNone() {
        assertEquals(0.7f, new Calibrator(Task.MULTICLASS, 0.7f, 0).cautious().scale());
        assertEquals(1, new Calibrator(Task.BINARY, 1.8f, -1).cautious().scale());
    }

    @Test
    void scores_areThoseThatPredictionsCameFrom() {
        float[] scores = {-3, 0.5f, 2, 0.1f, 0, -1};
        Calibrator binary = new Calibrator(Task.BINARY, 1.8f, -1);
        Calibrator multiclass = new Calibrator(Task.MULTICLASS, 0.6f, 0);

        assertArrayEquals(scores, binary.scores(binary.probabilities(scores, 6)), 1e-5f);
        double[][] predicted = multiclass.probabilities(scores, 2);
        assertAlike(predicted, multiclass.probabilities(multiclass.scores(predicted), 2));
    }

    private static void assertAlike(double[][] expected, double[][] found) {
        assertEquals(expected.length, found.length);
        for (int row = 0; row < expected.length; row++) {
            assertArrayEquals(expected[row], found[row], 1e-6);
        }
    }

    private static float[] served(Calibrator calibrator, float score) throws OrtException {
        GraphProto.Builder graph =
                GraphProto.newBuilder()
                        .setName("calibration")
                        .addInput(Onnx.value("scores", TensorProto.DataType.FLOAT, 1));
        calibrator.append(graph, "scores");
        graph.addOutput(Onnx.value(OnnxModel.PROBABILITY, TensorProto.DataType.FLOAT, 2));
        byte[] bytes = Onnx.model(graph.build(), Map.of()).toByteArray();
        try (OrtSession session = OrtRuntime.open(bytes, 1);
                OnnxTensor scores =
                        OnnxTensor.createTensor(
                                OrtEnvironment.getEnvironment(),
                                FloatBuffer.wrap(new float[] {score}),
                                new long[] {1, 1});
                OrtSession.Result result = session.run(Map.of("scores", scores))) {
            float[] both = new float[2];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(both);
            assertTrue(Math.abs(both[0] + both[1] - 1) < 1e-6);
            return both;
        }
    }
}

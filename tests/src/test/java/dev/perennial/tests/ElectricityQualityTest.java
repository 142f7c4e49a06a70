package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.evaluation.PreviousLabel;
import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Metric;
import dev.perennial.core.metric.Predictions;
import dev.perennial.core.metric.Predictions.ClassPredictions;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.Candidate;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.split.TimeSplit;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.model.Calibrator;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Predictor;
import dev.perennial.model.Preparation;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.TrainedModel;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Whole-pipeline quality on ELEC2 beside Python's XGBoost: same split, same parameters
 * (electricity_reference.py).
 */
class ElectricityQualityTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));

    @Test
    void standardCandidate_isAsGoodAsPythons() throws IOException {
        JsonNode reference = reference();
        String yaml =
                Files.readString(ROOT.resolve("pipelines/electricity.yaml"))
                        .replace("{validation: P6W, test: P6W}", "{validation: P3W, test: P3W}");
        PipelineSpec spec = SpecReader.read("electricity.yaml", yaml);
        Table rows =
                new TableReader(spec.schema())
                        .add(ROOT.resolve("data/electricity.csv"), "electricity.csv")
                        .finish()
                        .table();
        TimeSplit split =
                TimeSplit.of(rows.time(spec.time()).micros(), spec.split(), spec.label().delay());
        assertEquals(reference.get("trainRows").asInt(), split.trainRows());
        assertEquals(reference.get("testRows").asInt(), split.testRows());
        Targets targets = Targets.of(spec, rows);

        Preparation preparation =
                Preparation.fit(
                        spec.features(),
                        rows.range(0, split.validation()),
                        targets.range(0, split.validation()));
        TrainingMatrix matrix = preparation.matrix(rows, targets, 2);
        Candidate standard = SearchSpace.draw(spec.train()).getFirst();
        TrainingMatrix validation = matrix.range(split.validation(), split.test());
        TrainedModel model =
                Trainer.of(standard.trainer())
                        .train(
                                standard,
                                spec.train(),
                                matrix.range(0, split.validation()),
                                validation);
        Calibrator none =
                Calibrator.fit(Calibration.NONE, model.predict(validation), validation.targets());
        byte[] onnx = OnnxModel.write(preparation, model, none, targets.classes());
        double[][] predicted;
        try (Predictor predictor = Predictor.open(onnx, 2)) {
            predicted = predictor.predict(rows.range(split.test(), split.rows()));
        }

        Targets truth = targets.range(split.test(), split.rows());
        Predictions predictions =
                new ClassPredictions(targets.classes(), truth.labels(), predicted);
        assertEquals(
                reference.get("auc").asDouble(), Metric.AUC.of(predictions).getAsDouble(), 0.002);
        assertEquals(
                reference.get("logLoss").asDouble(),
                Metric.LOG_LOSS.of(predictions).getAsDouble(),
                0.005);
        Predictions previous =
                PreviousLabel.of(spec, rows, targets.classes(), targets.values(), split);
        assertEquals(
                reference.get("previousLabelAccuracy").asDouble(),
                Metric.ACCURACY.of(previous).getAsDouble(),
                1e-9);
    }

    private static JsonNode reference() throws IOException {
        try (InputStream in =
                ElectricityQualityTest.class.getResourceAsStream("/electricity_reference.json")) {
            return Json.tree("reference", in.readAllBytes());
        }
    }
}

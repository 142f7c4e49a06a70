package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.TrainerName;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Any ONNX Runtime serves our files: here Python's, by serve.py. Needs a Python with onnx and
 * onnxruntime, {@code PERENNIAL_PYTHON} or {@code python3}.
 */
class PythonServingTest {
    private static final String PYTHON =
            Optional.ofNullable(System.getenv("PERENNIAL_PYTHON")).orElse("python3");

    @TempDir Path folder;

    @BeforeAll
    static void hasPython() throws Exception {
        assumeTrue(
                succeeds(PYTHON, "-c", "import onnx, onnxruntime"),
                PYTHON
                        + " has no onnx and onnxruntime: pip install them, or name another Python in PERENNIAL_PYTHON");
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private JsonNode serve(byte[] onnx, Table rows) throws Exception {
        Path model = Files.write(folder.resolve("model.onnx"), onnx);
        Map<String, List<Object>> columns = new LinkedHashMap<>();
        rows.columns().forEach(column -> columns.put(column.name(), cells(column)));
        Path data = Files.write(folder.resolve("rows.json"), Json.write(columns));
        Process process =
                new ProcessBuilder(
                                PYTHON,
                                Path.of("src", "test", "python", "serve.py").toString(),
                                model.toString(),
                                data.toString())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        byte[] out = process.getInputStream().readAllBytes();
        assertEquals(
                0,
                process.waitFor(),
                () -> {
                    try {
                        return Files.readString(folder.resolve("err"), StandardCharsets.UTF_8);
                    } catch (IOException unreadable) {
                        return unreadable.toString();
                    }
                });
        return Json.tree("serve.py", out);
    }

    private static List<Object> cells(Column column) {
        List<Object> cells = new ArrayList<>();
        for (int row = 0; row < column.rows(); row++) {
            switch (column) {
                case NumberColumn numbers -> {
                    double value = numbers.values()[row];
                    cells.add(Double.isNaN(value) ? Optional.empty() : value);
                }
                case CategoryColumn categories -> cells.add(categories.text(row));
                case TimeColumn _ -> throw new IllegalArgumentException(column.name());
            }
        }
        return cells;
    }

    @ParameterizedTest
    @EnumSource
    void python_seesTheContract_andPredictsWhatWeDo(Task task) throws Exception {
        ParityTest.Made made = ParityTest.make(task, TrainerName.XGBOOST, 4);
        Map<String, String> lineage =
                Map.of("pipeline", "p", "version", "7", "run", "r", "snapshot", "5", "spec", "6");
        byte[] onnx = OnnxModel.stamp(made.onnx(), lineage);
        Table fresh = ParityTest.table(new SplittableRandom(99), 200, "unseen");

        JsonNode served = serve(onnx, fresh);

        for (Column column : fresh.columns()) {
            JsonNode input = served.get("inputs").get(column.name());
            String type = column instanceof NumberColumn ? "tensor(float)" : "tensor(string)";
            assertEquals("[\"%s\",[1]]".formatted(type), input.toString(), column.name());
        }
        assertEquals(fresh.columns().size(), served.get("inputs").size());
        assertEquals(
                task == Task.REGRESSION ? "[\"prediction\"]" : "[\"label\",\"probability\"]",
                served.get("outputs").toString());
        JsonNode metadata = served.get("metadata");
        lineage.forEach((key, value) -> assertEquals(value, stamp(metadata, key), key));
        JsonNode predicted =
                served.get("predicted").get(task == Task.REGRESSION ? "prediction" : "probability");
        try (Predictor predictor = Predictor.open(onnx, 1)) {
            double[][] expected = predictor.predict(fresh);
            for (int row = 0; row < expected.length; row++) {
                int best = 0;
                for (int i = 0; i < expected[row].length; i++) {
                    double scale = Math.max(1, Math.abs(expected[row][i]));
                    assertEquals(
                            expected[row][i], predicted.get(row).get(i).asDouble(), 1e-6 * scale);
                    best = expected[row][i] > expected[row][best] ? i : best;
                }
                if (task != Task.REGRESSION) {
                    assertEquals(
                            made.targets().classes().get(best),
                            served.get("predicted").get("label").get(row).asString());
                }
            }
        }
    }

    private static String stamp(JsonNode metadata, String key) {
        for (Map.Entry<String, JsonNode> each : metadata.properties()) {
            if (each.getKey().equals(key) || each.getKey().endsWith("." + key)) {
                return each.getValue().asString();
            }
        }
        return "";
    }
}

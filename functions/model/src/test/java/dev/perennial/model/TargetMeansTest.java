package dev.perennial.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.perennial.core.json.Json;
import dev.perennial.core.metric.Task;
import dev.perennial.core.spec.FeatureSpec.CategoryFeature;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Against scikit-learn's TargetEncoder; the fixture's script is target_means.py. */
class TargetMeansTest {
    private static JsonNode fixture;
    private static CategoryColumn column;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in =
                TargetMeansTest.class.getResourceAsStream("/model/target_means.json")) {
            fixture = Json.tree("fixture", in.readAllBytes());
        }
        int[] codes = Json.read("codes", Json.write(fixture.get("codes")), int[].class);
        column =
                new CategoryColumn(
                        "shop",
                        codes,
                        IntStream.range(0, 60).mapToObj("c%02d"::formatted).toList());
    }

    private static Targets targets(Task task) {
        float[] label = floats(fixture.get(task == Task.REGRESSION ? "number" : "label"));
        if (task == Task.BINARY) {
            for (int row = 0; row < label.length; row++) {
                label[row] = label[row] == 1 ? 1 : 0;
            }
        }
        return new Targets(
                task,
                switch (task) {
                    case REGRESSION -> List.of();
                    case BINARY -> List.of("no", "yes");
                    case MULTICLASS -> List.of("a", "b", "c");
                },
                label);
    }

    private static float[] floats(JsonNode array) {
        return Json.read("floats", Json.write(array), float[].class);
    }

    @ParameterizedTest
    @EnumSource
    void meansOfAllRows_andOutOfFold_areThoseOfScikitLearn(Task task) {
        Targets targets = targets(task);
        JsonNode expected = fixture.get(task.name().toLowerCase(java.util.Locale.ROOT));

        for (int output = 0; output < expected.get("all").size(); output++) {
            TargetMeans all = TargetMeans.of(column, targets, output);
            float[] means = new float[column.rows()];
            for (int row = 0; row < means.length; row++) {
                means[row] = all.of(column.codes()[row]);
            }
            float tolerance = task == Task.REGRESSION ? 1e-4f : 1e-6f;
            assertArrayEquals(floats(expected.get("all").get(output)), means, tolerance);
            assertArrayEquals(
                    floats(expected.get("outOfFold").get(output)),
                    TargetMeans.outOfFold(column, targets, output),
                    tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainingMatrix_hasOutOfFoldMeans_whereTheGraphHasThoseOfAllRows(Task task) {
        Targets targets = targets(task);
        Table table = new Table(List.of(column));
        Preparation preparation =
                Preparation.fit(
                        List.of(new CategoryFeature("shop", List.of(), 1, false)), table, targets);
        int width = task == Task.MULTICLASS ? 3 : 1;
        assertEquals(width, preparation.columns().size());

        float[] training = preparation.trainingMatrix(table, targets, 1).values();
        float[] graph = preparation.matrix(table, targets, 1).values();

        for (int output = 0; output < width; output++) {
            float[] outOfFold = TargetMeans.outOfFold(column, targets, output);
            TargetMeans all = TargetMeans.of(column, targets, output);
            for (int row = 0; row < column.rows(); row++) {
                assertEquals(outOfFold[row], training[row * width + output]);
                assertEquals(all.of(column.codes()[row]), graph[row * width + output]);
            }
        }
    }

    /** The point of it: a row's own target can't be read from its column. */
    @Test
    void ownTarget_changesNothingInTheRowsOwnFold() {
        Targets targets = targets(Task.REGRESSION);
        float before = TargetMeans.outOfFold(column, targets, 0)[100];
        float other = TargetMeans.outOfFold(column, targets, 0)[0];

        targets.values()[100] += 1_000;

        assertEquals(before, TargetMeans.outOfFold(column, targets, 0)[100]);
        assertNotEquals(other, TargetMeans.outOfFold(column, targets, 0)[0]);
    }
}

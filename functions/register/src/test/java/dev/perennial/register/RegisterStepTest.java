package dev.perennial.register;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.SampleRun;
import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.metric.Task;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.spec.Calibration;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.step.Register;
import dev.perennial.core.store.ArtifactCorruptedException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Table;
import dev.perennial.model.Calibrator;
import dev.perennial.model.ModelException;
import dev.perennial.model.OnnxModel;
import dev.perennial.model.Preparation;
import dev.perennial.model.SearchSpace;
import dev.perennial.model.Targets;
import dev.perennial.model.Trainer;
import dev.perennial.model.TrainingMatrix;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterStepTest {
    private final SampleRun sample = SampleRun.good();
    private final RegisterStep step = new RegisterStep(sample.artifacts(), sample.registry());
    private final ArtifactRef model = sample.put("model.onnx", onnx(sample.pipeline()));
    private final ArtifactRef evaluation = sample.evaluation(true, "size");

    private static byte[] onnx(PipelineSpec spec) {
        Table table =
                new Table(
                        List.of(
                                new CategoryColumn(
                                        "shop", new int[] {0, 1, 0, 1}, List.of("a", "b")),
                                new NumberColumn("size", new double[] {1, 2, 3, 4}),
                                new NumberColumn("price", new double[] {4, 1, 2, 9})));
        Targets targets = new Targets(Task.BINARY, List.of("no", "yes"), new float[] {0, 1, 0, 1});
        Preparation preparation = Preparation.fit(spec.features(), table, targets);
        TrainingMatrix matrix = preparation.matrix(table, targets, 1);
        var baseline = SearchSpace.draw(spec.train()).getLast();
        return OnnxModel.write(
                preparation,
                Trainer.of(baseline.trainer()).train(baseline, spec.train(), matrix, matrix),
                Calibrator.fit(Calibration.NONE, new float[0], targets),
                targets.classes());
    }

    private Register.Output register(String run) {
        return register(run, Optional.empty());
    }

    private Register.Output register(String run, Optional<Refitted> refit) {
        return step.apply(
                new Register.Input(
                        run,
                        SampleRun.PIPELINE,
                        SampleRun.STARTED,
                        sample.spec(),
                        sample.snapshot(),
                        sample.spec(),
                        evaluation,
                        model,
                        refit,
                        Map.of("auc", 0.8)));
    }

    @Test
    void version_knowsWhereItComesFrom_inTheRegistryTheFileAndTheCard() {
        Register.Output output = register(SampleRun.RUN);

        assertEquals(1, output.version());
        ModelVersion version = sample.registry().version(SampleRun.PIPELINE, 1).orElseThrow();
        assertEquals(SampleRun.RUN, version.run());
        assertEquals(sample.snapshot(), version.snapshot());
        assertEquals(sample.spec(), version.spec());
        assertEquals(evaluation, version.evaluation());
        assertEquals(Map.of("auc", 0.8), version.metrics());
        Map<String, String> stamps =
                OnnxModel.describe(sample.artifacts().read(output.model())).stamps();
        assertEquals("shop", stamps.get("pipeline"));
        assertEquals("1", stamps.get("version"));
        assertEquals(SampleRun.RUN, stamps.get("run"));
        assertEquals(sample.snapshot().digest().hex(), stamps.get("snapshot"));
        assertEquals(sample.spec().sha256().hex(), stamps.get("spec"));
        String card =
                new String(sample.artifacts().read(output.modelCard()), StandardCharsets.UTF_8);
        assertTrue(card.contains(output.model().sha256().toString()), card);
    }

    @Test
    void modelThatWasTrainedAgain_serves_andTheOneThatWasJudgedIsKept() {
        byte[] again = onnx(sample.pipeline());
        ArtifactRef refitted =
                sample.put("again.onnx", OnnxModel.stamp(again, Map.of("again", "yes")));

        Register.Output output =
                register(
                        "a",
                        Optional.of(
                                new Refitted(
                                        Optional.of(refitted),
                                        1_500,
                                        SampleRun.STARTED,
                                        0.5,
                                        0.4)));

        ModelVersion version = sample.registry().version(SampleRun.PIPELINE, 1).orElseThrow();
        assertEquals(output.model(), version.model());
        assertEquals("yes", stamps(version.model()).get("again"));
        ArtifactRef judged = version.judged();
        assertEquals(SampleRun.STARTED, version.refit().orElseThrow().until());
        assertFalse(stamps(judged).containsKey("again"));
        assertEquals("1", stamps(judged).get("version"));
        assertTrue(
                new String(sample.artifacts().read(output.modelCard()), StandardCharsets.UTF_8)
                        .contains("trained again with the same settings on 1,500 rows"));
    }

    @Test
    void modelThatGotWorse_isNotUsed_andTheCardSaysSo() {
        Register.Output output =
                register(
                        "a",
                        Optional.of(
                                new Refitted(
                                        Optional.empty(), 1_500, SampleRun.STARTED, 0.5, 0.6)));

        ModelVersion version = sample.registry().version(SampleRun.PIPELINE, 1).orElseThrow();
        assertEquals(Optional.empty(), version.refit());
        assertEquals(version.model(), version.judged());
        assertTrue(
                new String(sample.artifacts().read(output.modelCard()), StandardCharsets.UTF_8)
                        .contains("were worse on the test rows (a loss of 0.6000 against 0.5000)"));
    }

    private Map<String, String> stamps(ArtifactRef onnx) {
        return OnnxModel.describe(sample.artifacts().read(onnx)).stamps();
    }

    @Test
    void retry_getsTheSameVersion_andRunsGetTheNextNumber() {
        Register.Output first = register("a");

        assertEquals(first, register("a"));
        assertEquals(2, register("b").version());
        assertEquals(2, sample.registry().versions(SampleRun.PIPELINE).size());
    }

    @Test
    void damagedOrForeignModel_isNeverRegistered() {
        sample.damage(model);
        assertThrows(ArtifactCorruptedException.class, () -> register("a"));

        SampleRun other = SampleRun.good();
        ArtifactRef text = other.put("model.onnx", "no model".getBytes(StandardCharsets.UTF_8));
        assertThrows(
                ModelException.class,
                () ->
                        new RegisterStep(other.artifacts(), other.registry())
                                .apply(
                                        new Register.Input(
                                                "a",
                                                SampleRun.PIPELINE,
                                                SampleRun.STARTED,
                                                other.spec(),
                                                other.snapshot(),
                                                other.spec(),
                                                other.evaluation(true, "size"),
                                                text,
                                                Optional.empty(),
                                                Map.of())));
        assertEquals(List.of(), sample.registry().versions(SampleRun.PIPELINE));
        assertEquals(List.of(), other.registry().versions(SampleRun.PIPELINE));
    }
}

package dev.perennial.local.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.SampleRun;
import dev.perennial.core.registry.RunRecord;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Keys;
import dev.perennial.local.doctor.Finding.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Each fault that can be seen in store and registry is found, and named with what to do. */
class PipelineChecksTest {
    private static final Instant NOW = SampleRun.STARTED.plus(Duration.ofDays(3));

    private final SampleRun run = SampleRun.good();

    private List<Finding> findings() {
        return new PipelineChecks(run.artifacts(), run.registry(), SampleRun.PIPELINE, NOW)
                .findings();
    }

    private void assertFound(Level level, String what) {
        Finding found =
                findings().stream()
                        .filter(each -> each.what().contains(what))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(findings()));
        assertEquals(level, found.level(), found::what);
        assertEquals(level == Level.FINE, found.todo().isEmpty(), found::todo);
    }

    private void spec(String yaml) {
        run.artifacts()
                .replace(
                        Keys.spec(SampleRun.PIPELINE),
                        yaml.getBytes(StandardCharsets.UTF_8),
                        "application/yaml");
    }

    private ArtifactRef champion() {
        ArtifactRef model = run.put("model.onnx", new byte[] {1, 2, 3});
        run.champion("run-0", model, run.put("profile.json", new byte[] {4}));
        return model;
    }

    private void ended(RunStatus status, Instant startedAt, String reason) {
        run.registry()
                .record(
                        new RunRecord(
                                SampleRun.PIPELINE,
                                "run-" + startedAt.getEpochSecond(),
                                status,
                                startedAt,
                                OptionalInt.empty(),
                                reason,
                                Optional.empty(),
                                0));
    }

    @Test
    void wholePipeline_hasNothingBroken() {
        spec(Rows.spec(SampleRun.PIPELINE));
        run.artifacts().put(Keys.source(SampleRun.PIPELINE) + "a.csv", new byte[0], "text/csv");
        champion();
        ended(RunStatus.PROMOTED, SampleRun.STARTED, "good");

        assertFound(Level.FINE, "the spec is there");
        assertFound(Level.FINE, "1 files of data");
        assertFound(Level.FINE, "all its files are there");
        assertFound(Level.FINE, "ended as PROMOTED");
        assertFound(Level.NOTE, "no live traffic yet");
        assertTrue(findings().stream().noneMatch(each -> each.level() == Level.BROKEN));
    }

    @Test
    void missingOrWrongSpec_isBroken() {
        assertFound(Level.BROKEN, "there is no spec at pipelines/shop/spec.yaml");
        spec("name: shop\nfeetures: []\n");
        assertFound(Level.BROKEN, "feetures");
    }

    @Test
    void nothingYet_isSaidButNotBroken() {
        assertFound(Level.NOTE, "there is no data below store/shop/");
        assertFound(Level.NOTE, "there is no champion yet");
    }

    @Test
    void championWithoutItsModel_isBroken() {
        ArtifactRef model = champion();

        run.damage(model);
        assertFound(Level.BROKEN, model.key());
        run.artifacts().delete(model.key());
        assertFound(Level.BROKEN, model.key());
    }

    @Test
    void failedAndForgottenRuns_areFound() {
        ended(RunStatus.RUNNING, NOW.minus(Duration.ofHours(30)), "");
        assertFound(Level.NOTE, "is recorded as RUNNING");
        ended(RunStatus.FAILED, NOW.minus(Duration.ofHours(1)), "out of memory");
        assertFound(Level.BROKEN, "failed: out of memory");
    }

    @Test
    void predictionsThatWaitInTheStore_areFound() {
        run.artifacts()
                .put("live/shop/not-captured/date=2026-03-10/a.json", new byte[0], "text/json");

        assertFound(Level.NOTE, "1 messages with predictions wait below live/shop/not-captured/");
    }

    @Test
    void looksThatStopped_areFound() {
        spec(Rows.spec(SampleRun.PIPELINE) + "drift: {check: PT1H}\n");
        reported(NOW.minus(Duration.ofHours(2)));
        assertFound(Level.FINE, "the monitor's last news");
        reported(NOW.minus(Duration.ofHours(4)));
        assertFound(Level.NOTE, "the monitor's last news");
    }

    private void reported(Instant at) {
        run.artifacts()
                .replace(
                        "live/shop/monitor/reports/7-abc.json",
                        "{\"at\": \"%s\"}".formatted(at).getBytes(StandardCharsets.UTF_8),
                        "application/json");
    }
}

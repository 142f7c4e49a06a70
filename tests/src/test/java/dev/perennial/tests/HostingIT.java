package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.RunSummary;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.states.Execution;
import dev.perennial.local.states.ExecutionStatus;
import dev.perennial.local.template.TemplateReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same input in two fresh homes gives the same snapshot and the same model, byte for byte, and
 * wherever the functions run.
 */
class HostingIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final String PIPELINE = "electricity";

    @TempDir static Path folder;

    /** What can be compared of one run, and of one event that no step takes. */
    private record Seen(RunSummary summary, byte[] model, Invocation.FunctionError refusal) {}

    @Test
    void electricity_inProcessesAndInThisJvm_givesTheSameModel() throws Exception {
        Seen processes = run(Hosting.PROCESSES);
        Seen jvm = run(Hosting.THIS_JVM);

        assertEquals(RunStatus.PROMOTED, processes.summary().status());
        assertEquals(RunStatus.PROMOTED, jvm.summary().status());
        assertEquals(processes.summary().version(), jvm.summary().version());
        assertEquals(processes.summary().evaluation(), jvm.summary().evaluation());
        assertEquals(snapshot(processes), snapshot(jvm));
        assertArrayEquals(processes.model(), jvm.model());
        assertEquals(processes.refusal().errorType(), jvm.refusal().errorType());
        assertEquals(processes.refusal().errorMessage(), jvm.refusal().errorMessage());
        assertEquals(
                Json.tree("body", processes.refusal().body()).propertyNames().stream()
                        .sorted()
                        .toList(),
                Json.tree("body", jvm.refusal().body()).propertyNames().stream().sorted().toList());
    }

    private static Optional<String> snapshot(Seen seen) {
        return seen.summary().snapshot().map(Digest::hex);
    }

    private static Seen run(Hosting hosting) throws IOException, InterruptedException {
        try (Home home = Home.take(folder.resolve(hosting.name()));
                LocalCloud cloud =
                        LocalCloud.open(
                                home,
                                TemplateReader.read(
                                        ROOT.resolve("template.yaml"),
                                        Map.of("Pipeline", PIPELINE)),
                                InstantSource.system(),
                                (_, _) -> {},
                                hosting)) {
            cloud.artifacts().replace(Keys.spec(PIPELINE), spec(), "application/yaml");
            cloud.artifacts().put(Keys.source(PIPELINE) + "rows.csv", rows(), "text/csv");
            Execution execution =
                    cloud.run(
                            "same",
                            "{\"source\":\"electricity\",\"until\":\"2026-01-01T00:00:00Z\"}");
            assertEquals(ExecutionStatus.SUCCEEDED, execution.status(), execution::toString);
            ArtifactRef ref =
                    Json.read(
                            "summary",
                            Json.write(execution.output().orElseThrow().path("summary")),
                            ArtifactRef.class);
            RunSummary summary =
                    Json.read("run.json", cloud.artifacts().read(ref), RunSummary.class);
            assertTrue(cloud.times(execution).stream().allMatch(time -> time.seconds() > 0));
            return new Seen(
                    summary,
                    cloud.artifacts().read(summary.model().orElseThrow()),
                    (Invocation.FunctionError)
                            cloud.invoke(
                                    "TrainFunction",
                                    "{\"unknown\":1}".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The shipped spec for a shorter history, and a quick training. */
    private static byte[] spec() throws IOException {
        return Files.readString(ROOT.resolve("pipelines/electricity.yaml"))
                .replace(
                        "split: {validation: P6W, test: P6W}",
                        "split: {validation: P10D, test: P10D}")
                .replace("minRows: 5000", "minRows: 1000")
                .replace("candidates: 8", "candidates: 3")
                .replace("rounds: 300", "rounds: 50")
                .replace("min: 0.75", "min: 0.5")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] rows() throws IOException {
        try (Stream<String> lines = Files.lines(ROOT.resolve("data/electricity.csv"))) {
            return lines.limit(3_001)
                    .collect(Collectors.joining("\n", "", "\n"))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}

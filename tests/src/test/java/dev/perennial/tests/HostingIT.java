package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.core.json.Json;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.replay.History;
import dev.perennial.local.replay.Policy;
import dev.perennial.local.replay.Replay;
import dev.perennial.local.replay.Replayed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The same input in two fresh homes gives the same snapshot and the same model, byte for byte, and
 * wherever the functions run.
 */
@ResourceLock(Hostings.THIS_JVM)
class HostingIT {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final String PIPELINE = "electricity";

    @TempDir static Path folder;

    private static final Instant FROM = Instant.parse("1996-07-05T12:00:00Z");

    /** All of a replay but what it took, the versions that it made, and an event no step takes. */
    private record Seen(
            List<Replayed.Predicted> predictions,
            List<Replayed.Event> events,
            int promotions,
            List<ModelVersion> versions,
            byte[] model,
            Invocation.FunctionError refusal) {}

    /** From Friday to Sunday: a first champion, live traffic, looks, a run a day later. */
    @Test
    void replay_inProcessesAndInThisJvm_givesTheSameEventsAndModels() throws Exception {
        Seen processes = replay(Hosting.PROCESSES);
        Seen jvm = replay(Hosting.THIS_JVM);

        assertEquals(
                List.of("first champion", "run"),
                jvm.events().stream()
                        .map(Replayed.Event::what)
                        .filter(what -> !what.equals("promotion") && !what.equals("declined"))
                        .toList());
        assertEquals(processes.events(), jvm.events());
        assertEquals(processes.predictions(), jvm.predictions());
        assertEquals(processes.promotions(), jvm.promotions());
        assertEquals(processes.versions(), jvm.versions());
        assertArrayEquals(processes.model(), jvm.model());
        assertEquals(processes.refusal().errorType(), jvm.refusal().errorType());
        assertEquals(processes.refusal().errorMessage(), jvm.refusal().errorMessage());
        assertEquals(names(processes.refusal()), names(jvm.refusal()));
    }

    private static List<String> names(Invocation.FunctionError refusal) {
        return Json.tree("body", refusal.body()).propertyNames().stream().sorted().toList();
    }

    private static Seen replay(Hosting hosting) throws IOException, InterruptedException {
        PipelineSpec spec = SpecReader.read("spec.yaml", spec());
        Path rows = Files.write(folder.resolve(hosting + ".csv"), rows());
        Map<String, Path> files = Map.of("rows.csv", rows);
        try (Home home = Home.take(folder.resolve(hosting.name()));
                LocalCloud cloud = Hostings.open(home, PIPELINE, "rate(12 hours)", FROM, hosting)) {
            Replayed replayed =
                    new Replay(cloud, spec, History.read(spec, files), _ -> {})
                            .run(Policy.SUNDAYS, spec(), files, FROM);
            List<ModelVersion> versions = cloud.registry().versions(PIPELINE);
            return new Seen(
                    replayed.predictions(),
                    replayed.events(),
                    replayed.promotions(),
                    versions,
                    cloud.artifacts().read(versions.getLast().model()),
                    (Invocation.FunctionError)
                            cloud.invoke(
                                    "TrainFunction",
                                    "{\"unknown\":1}".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The shipped spec for a shorter history, and a quick training. */
    private static String spec() throws IOException {
        return Policy.SUNDAYS.apply(
                Files.readString(ROOT.resolve("pipelines/electricity.yaml"))
                                .replace(
                                        "split: {validation: P6W, test: P6W}",
                                        "split: {validation: P10D, test: P10D}")
                                .replace("minRows: 5000", "minRows: 1000")
                                .replace("candidates: 8", "candidates: 1")
                                .replace("rounds: 300", "rounds: 20")
                                .replace("min: 0.75", "min: 0.5")
                        + "drift: {check: PT12H}\n");
    }

    private static byte[] rows() throws IOException {
        try (Stream<String> lines = Files.lines(ROOT.resolve("data/electricity.csv"))) {
            return lines.limit(3_001)
                    .collect(Collectors.joining("\n", "", "\n"))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}

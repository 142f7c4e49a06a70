package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.json.Json;
import dev.perennial.core.serving.RequestReader;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.step.Ask;
import dev.perennial.core.step.Conclude;
import dev.perennial.core.step.Evaluate;
import dev.perennial.core.step.Prepare;
import dev.perennial.core.step.Probe;
import dev.perennial.core.step.Promote;
import dev.perennial.core.step.Refit;
import dev.perennial.core.step.Register;
import dev.perennial.core.step.Retrieve;
import dev.perennial.core.step.Train;
import dev.perennial.core.step.Validate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The events that are shipped to try functions with are what those functions take. */
class EventsTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
    private static final Map<String, Class<?>> STEPS =
            Map.ofEntries(
                    Map.entry("retrieve", Retrieve.Input.class),
                    Map.entry("validate", Validate.Input.class),
                    Map.entry("prepare", Prepare.Input.class),
                    Map.entry("train", Train.Input.class),
                    Map.entry("evaluate", Evaluate.Input.class),
                    Map.entry("refit", Refit.Input.class),
                    Map.entry("register", Register.Input.class),
                    Map.entry("promote", Promote.Input.class),
                    Map.entry("conclude", Conclude.Input.class),
                    Map.entry("probe", Probe.Input.class),
                    Map.entry("ask", Ask.Input.class));

    private static byte[] event(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("events").resolve(name + ".json"));
    }

    static Stream<String> steps() {
        return STEPS.keySet().stream().sorted();
    }

    /** Strictly: no key is unknown, none is missing. */
    @ParameterizedTest
    @MethodSource("steps")
    void ofASteps_isItsInput(String step) throws IOException {
        Json.read(step, event(step), STEPS.get(step));
    }

    @Test
    void ofPredict_isARequestForElectricity() throws IOException {
        RequestReader reader =
                new RequestReader(
                        SpecReader.read(
                                "electricity.yaml",
                                Files.readString(ROOT.resolve("pipelines/electricity.yaml"))));

        assertTrue(reader.json(event("predict")).rows().rows() > 0);
    }

    @Test
    void ofTheMonitor_saysWhen() throws IOException {
        Instant.parse(Json.tree("monitor", event("monitor")).path("time").asString());
    }

    /** A table without a row for a file helps nobody. */
    @Test
    void everyEvent_isInTheTable() throws IOException {
        String table = Files.readString(ROOT.resolve("events/README.md"));
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("events"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.replace(".json", ""))
                    .filter(name -> !table.contains("`" + name + "`"))
                    .forEach(missing::add);
        }
        assertEquals(Set.of(), missing);
    }
}

package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.perennial.core.Rows;
import dev.perennial.core.spec.Check;
import dev.perennial.core.spec.ChecksSpec;
import dev.perennial.core.spec.InvalidSpecException;
import dev.perennial.core.spec.SpecDraft;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.table.RawTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reader and the JSON Schema that editors use agree on what a spec is. */
class SpecSchemaTest {
    private static final Path ROOT = Path.of(System.getProperty("perennial.root"));

    @TempDir Path folder;

    @Test
    void shippedSpecs_pleaseBoth() throws IOException {
        String electricity = shipped("electricity.yaml");
        String flights = shipped("flights.yaml");
        String weather = shipped("views/weather.yaml");

        assertEquals("electricity", SpecReader.read("electricity.yaml", electricity).name());
        assertEquals(
                "flights",
                SpecReader.read("flights.yaml", SpecReader.bundle(flights, List.of(weather)))
                        .name());
        assertEquals(List.of(), problems(electricity));
        assertEquals(List.of(), problems(flights));
        assertEquals(List.of(), problems("view.schema.json", weather));
    }

    @Test
    void everyCheck_isKnownToBoth() {
        for (Check check : Check.values()) {
            String key = check.rule();
            StringBuilder camel = new StringBuilder();
            for (String word : key.split("-", -1)) {
                camel.append(
                        camel.isEmpty()
                                ? word
                                : Character.toUpperCase(word.charAt(0)) + word.substring(1));
            }
            String yaml =
                    Rows.spec("shop")
                            .replace(
                                    "window: P90D",
                                    "window: P90D\nchecks: {%s: ignore}".formatted(camel));

            assertEquals(
                    Optional.of(ChecksSpec.Level.IGNORE),
                    SpecReader.read("s.yaml", yaml).checks().level(check));
            assertEquals(List.of(), problems(yaml), key);
        }
    }

    @Test
    void draftsOfInit_pleaseBoth() throws IOException {
        Path csv = Files.writeString(folder.resolve("Shop data.csv"), Rows.csv(800, 1));

        String yaml = SpecDraft.of("Shop data.csv", RawTable.read(csv));

        var spec = SpecReader.read("draft", yaml);
        assertEquals("shop-data", spec.name());
        assertEquals("at", spec.time());
        assertEquals("bought", spec.label().column());
        assertEquals("yes", spec.label().positive().orElseThrow());
        assertEquals(List.of(), problems(yaml));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task: binary | task: guess | task",
                "window: P90D | window: P3M | window",
                "window: P90D | windows: P90D | windows",
                "name: shop | name: ../shop | name",
                "type: category} | type: word} | features[0].type",
                "seed: 3 | seed: three | train.seed",
                "trainer: xgboost | trainer: forest | train.trainer",
                "threads: 1 | threads: 1, refit: perhaps | train.refit",
                "threads: 1 | threads: 1, windows: P8D | train.windows",
                "threads: 1 | threads: 1, halfLives: [P8D, P8D] | train.halfLives",
                "metric: auc | metric: beauty | gates[0].metric",
                "min: 0.6 | min: high | gates[0].min",
                "minRows: 500 | minRows: -1 | data.minRows",
                "maxNulls: 0.2 | maxNulls: 2 | features[1].maxNulls",
                "threads: 1 | threads: 1, eta: 0.1 | train.eta",
                "window: P90D | window: P90D\\ndrift: {falseAlarms: often} | drift.falseAlarms",
                "window: P90D | window: P90D\\nretrain: {on: [whim]} | retrain.on",
                "window: P90D | window: P90D\\nretrain: {followUp: soon} | retrain.followUp",
                "window: P90D | window: P90D\\nretrain: {probes: daily, costs: {error: 1}} | retrain.probes",
                "window: P90D | window: P90D\\nretrain: {maxAge: old} | retrain.maxAge",
                "window: P90D | window: P90D\\nretrain: {budget: 5 EUR per P1D} | retrain.budget",
                "window: P90D | window: P90D\\nchecks: {leakage: loud} | checks.leakage",
                "window: P90D | window: P90D\\nchecks: {leakage: {threshold: 7}} | checks.leakage.threshold",
                "window: P90D | window: P90D\\nchecks: {nulls: {threshold: 0.1}} | checks.nulls.threshold",
                "window: P90D | window: P90D\\nchecks: {everything: ignore} | checks.everything",
                "window: P90D | window: P90D\\npromotion: {mode: hope} | promotion.mode",
                "window: P90D | window: P90D\\npromotion: {mode: shadow, confidence: 1} | promotion.confidence",
                "window: P90D | window: P90D\\npromotion: {mode: canary, share: 0.9} | promotion.share",
                "window: P90D | window: P90D\\npromotion: {mode: shadow, share: 0.1} | promotion.share",
                "window: P90D | window: P90D\\npromotion: {mode: gates, confidence: 0.9} | promotion.confidence",
            })
    void whatOneRefuses_theOtherRefuses(String right, String wrong, String key) {
        String yaml = Rows.spec("shop").replace(right, wrong.replace("\\n", "\n"));

        InvalidSpecException refused =
                assertThrows(InvalidSpecException.class, () -> SpecReader.read("s.yaml", yaml));
        assertTrue(
                refused.problems().stream().anyMatch(problem -> problem.key().equals(key)),
                refused.getMessage());
        assertFalse(problems(yaml).isEmpty());
    }

    private static final String VIEW =
            """
            name: weather
            key: [region]
            time: at
            columns:
              - {name: temperature, type: number, max: 60}
              - {name: reporter, type: category, personal: true}
            timeToLive: P2D
            """;

    @Test
    void aView_andASpecThatUsesIt_pleaseBoth() {
        String spec =
                Rows.spec("shop")
                        .replace(
                                "features:\n",
                                "key: [region, origin]\nfeatures:\n"
                                        + "  - {view: weather, columns: [temperature], maxAge: PT1H}\n"
                                        + "  - {view: weather, on: {region: origin}, match: before, columns: [{column: temperature, as: warmth}]}\n");

        SpecReader.view("weather.yaml", VIEW);
        SpecReader.read("spec.yaml", SpecReader.bundle(spec, List.of(VIEW)));
        assertEquals(List.of(), problems("view.schema.json", VIEW));
        assertEquals(List.of(), problems(spec));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: weather | name: ../weather | name",
                "key: [region] | key: [] | key",
                "timeToLive: P2D | timeToLive: P2M | timeToLive",
                "timeToLive: P2D | maxBadRows: 2 | maxBadRows",
                "time: at | times: at | times",
                "max: 60 | max: hot | columns[0].max",
                "personal: true | personal: perhaps | columns[1].personal",
            })
    void whatOneRefusesOfAView_theOtherRefuses(String right, String wrong, String key) {
        String yaml = VIEW.replace(right, wrong);

        InvalidSpecException refused =
                assertThrows(InvalidSpecException.class, () -> SpecReader.view("v.yaml", yaml));
        assertTrue(
                refused.problems().stream().anyMatch(problem -> problem.key().equals(key)),
                refused.getMessage());
        assertFalse(problems("view.schema.json", yaml).isEmpty());
    }

    private static List<?> problems(String yaml) {
        return problems("spec.schema.json", yaml);
    }

    private static List<?> problems(String schema, String yaml) {
        String base = "https://perennial.test/";
        Map<String, String> schemas =
                Stream.of("spec.schema.json", "view.schema.json")
                        .collect(Collectors.toMap(name -> base + name, SpecSchemaTest::shipped));
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(schemas))
                .getSchema(SchemaLocation.of(base + schema))
                .validate(yaml, InputFormat.YAML);
    }

    private static String shipped(String name) {
        try {
            return Files.readString(ROOT.resolve("pipelines").resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

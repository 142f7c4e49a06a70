package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.Rows;
import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.registry.ModelVersion;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactStore.StoredObject;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.TableReader;
import dev.perennial.local.Home;
import dev.perennial.local.Hosting;
import dev.perennial.local.LocalCloud;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.states.Execution;
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
import tools.jackson.databind.JsonNode;

/**
 * The feature store through everything that takes part in it, from the zips and with the
 * permissions of the template: files arrive, a training joins them, predictions look them up.
 */
class FeaturesIT {
    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final int ROWS = 1_500;
    private static final String VIEW =
            """
            name: prices
            key: [shop]
            time: at
            columns: [{name: price, type: number, min: 0}]
            """;
    private static final String SPEC =
            SpecReader.bundle(
                    Rows.spec("shop")
                            .replace("features:", "key: [{name: shop, personal: true}]\nfeatures:")
                            .replaceFirst("  - \\{name: shop.*\n", "")
                            .replace("maxNulls: 0.2", "maxNulls: 0.2, personal: true")
                            .replaceFirst(
                                    "- \\{name: price.*", "- {view: prices, columns: [price]}"),
                    List.of(VIEW));

    @TempDir Path folder;

    /** Two of the columns of the sample rows, without the rows that say no shop. */
    private static String prices(int from, int to) {
        return Rows.lines(ROWS, 1).subList(1 + from, 1 + to).stream()
                .map(line -> line.split(",", -1))
                .filter(cells -> !cells[1].isEmpty())
                .map(cells -> "%s,%s,%s".formatted(cells[0], cells[1], cells[3]))
                .collect(Collectors.joining("\n", "at,shop,price\n", "\n"));
    }

    private static String labels() {
        return Rows.lines(ROWS, 1).stream()
                .map(line -> line.split(",", -1))
                .filter(cells -> !cells[1].isEmpty())
                .map(cells -> "%s,%s,%s,%s".formatted(cells[0], cells[1], cells[2], cells[4]))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void put(LocalCloud cloud, String key, String content) {
        cloud.artifacts().replace(key, content.getBytes(StandardCharsets.UTF_8), "text/csv");
    }

    @Test
    void filesArrive_aTrainingJoinsThem_andPredictionsLookThemUp() throws Exception {
        try (Home home = Home.take(folder.resolve("home"));
                LocalCloud cloud =
                        Hostings.open(home, "shop", "rate(6 hours)", NOW, Hosting.PROCESSES)) {
            cloud.live();
            put(cloud, Keys.view("prices"), VIEW);
            put(cloud, "incoming/prices/first.csv", prices(0, 900));
            put(cloud, "incoming/prices/second.csv", prices(900, ROWS));
            put(cloud, "incoming/prices/third.csv", prices(0, 900));
            put(cloud, "incoming/prices/broken.csv", "at,shop\n2026-01-01,north\n");
            put(cloud, "incoming/nobodys/rows.csv", prices(0, 10));
            cloud.live().advanceTo(NOW);

            filesAreInTheStore_orInQuarantine(cloud);
            aTrainingJoinsThem(cloud);
            predictionsLookThemUp(cloud);
            cloud.live().advanceTo(NOW.plusSeconds(60));
            nothingPersonalIsElsewhere(cloud, home);
        }
    }

    private static void filesAreInTheStore_orInQuarantine(LocalCloud cloud) {
        List<Batch> batches = new OfflineStore(cloud.artifacts()).batches("prices");
        assertEquals(2, batches.size(), "the third is the first again");
        assertTrue(cloud.artifacts().list("incoming/").isEmpty());
        List<String> aside =
                cloud.artifacts().list("quarantine/").stream()
                        .map(object -> object.key().replaceAll("/[0-9a-f]{64}/", "/"))
                        .toList();
        assertEquals(
                List.of(
                        "quarantine/nobodys/rows.csv",
                        "quarantine/nobodys/rows.csv.reason.json",
                        "quarantine/prices/broken.csv",
                        "quarantine/prices/broken.csv.reason.json"),
                aside.stream().sorted().toList());
        EntityKey north = new EntityKey(List.of("north"));
        assertTrue(
                cloud.features()
                        .get("prices", List.of(north))
                        .get(north)
                        .at()
                        .isAfter(Instant.parse("2026-03-03T00:00:00Z")));
    }

    private static void aTrainingJoinsThem(LocalCloud cloud) throws Exception {
        put(cloud, Keys.spec("shop"), SPEC);
        put(cloud, Keys.source("shop") + "labels.csv", labels());

        Execution execution = cloud.run("joined", "{}");

        JsonNode output = execution.output().orElseThrow();
        assertEquals("PROMOTED", output.path("status").asString(""), output::toString);
        ModelVersion version = cloud.registry().version("shop", 1).orElseThrow();
        SnapshotManifest manifest =
                Json.read(
                        "manifest",
                        cloud.artifacts().read(version.snapshot().manifest()),
                        SnapshotManifest.class);
        assertEquals(manifest.rows(), manifest.views().getFirst().matched());
        assertEquals(2, manifest.views().getFirst().batches());
    }

    private static void predictionsLookThemUp(LocalCloud cloud) throws Exception {
        Invocation invocation =
                cloud.invoke(
                        "PredictFunction",
                        Json.write(Map.of("rows", List.of(Map.of("shop", "north", "size", 1)))));
        JsonNode answer =
                Json.tree(
                        "the answer",
                        assertInstanceOf(Invocation.Returned.class, invocation).payload());
        JsonNode looked = answer.path("predictions").path(0).path("features").path(0);
        assertEquals("prices", looked.path("view").asString(""), answer::toString);
        assertTrue(looked.path("at").asString("").startsWith("2026-03-0"), answer::toString);
    }

    /** Keys and sizes are personal here: the store and snapshots have them, nothing else. */
    private static void nothingPersonalIsElsewhere(LocalCloud cloud, Home home) throws Exception {
        for (StoredObject object : cloud.artifacts().list("")) {
            boolean mayHaveIt =
                    Stream.of("store/", "snapshots/", "quarantine/")
                            .anyMatch(object.key()::startsWith);
            if (!mayHaveIt) {
                String content =
                        new String(
                                cloud.artifacts().current(object.key()).orElseThrow(),
                                StandardCharsets.ISO_8859_1);
                assertFalse(content.contains("north"), object.key());
            }
        }
        try (Stream<Path> logs = Files.walk(home.logs())) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(log).contains("north"), log.toString());
            }
        }
        assertTrue(
                TableProfile.fromJson(
                                cloud.artifacts()
                                        .read(
                                                cloud.registry()
                                                        .version("shop", 1)
                                                        .orElseThrow()
                                                        .profile()))
                        .column("size")
                        .isEmpty());
        StoredObject captured = cloud.artifacts().list("live/shop/predictions/").getFirst();
        Path file = Files.createTempFile("captured", ".parquet");
        Files.write(file, cloud.artifacts().current(captured.key()).orElseThrow());
        List<String> skipped =
                new TableReader(new Schema(List.of(new Field("price", ColumnType.NUMBER))))
                        .add(file, captured.key())
                        .finish()
                        .skippedColumns();
        assertFalse(skipped.contains("size") || skipped.contains("shop"), skipped::toString);
        assertTrue(
                Files.size(file) < 100_000
                        && !Files.readString(file, StandardCharsets.ISO_8859_1).contains("north"));
    }
}

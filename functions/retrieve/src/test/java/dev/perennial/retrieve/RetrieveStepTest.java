package dev.perennial.retrieve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.MissingSpecException;
import dev.perennial.core.Rows;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.InMemoryModelRegistry;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.step.Retrieve;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.UnreadableDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RetrieveStepTest {
    private static final String TWO_DAYS =
            Rows.spec("shop").replace("P90D", "P2D").replace("P8D", "PT12H");
    private static final Instant AFTER_ALL = Instant.parse("2026-12-01T00:00:00Z");

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final InMemoryModelRegistry registry = new InMemoryModelRegistry();
    private final RetrieveStep step = new RetrieveStep(artifacts, registry);

    @BeforeEach
    void uploadSpec() {
        spec(Rows.spec("shop"));
    }

    private void spec(String yaml) {
        artifacts.replace(Keys.spec("shop"), bytes(yaml), "application/yaml");
    }

    private void source(String file, String content) {
        artifacts.replace(Keys.source("sales") + file, bytes(content), "text/csv");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Retrieve.Output retrieve(String run, Instant until) {
        return step.apply(
                new Retrieve.Input(
                        run,
                        "shop",
                        "sales",
                        Optional.empty(),
                        until,
                        Optional.empty(),
                        until,
                        Optional.empty()));
    }

    private SnapshotManifest manifest(Retrieve.Output output) {
        return Json.read(
                "manifest", artifacts.read(output.snapshot().manifest()), SnapshotManifest.class);
    }

    @Test
    void sameRowsTwice_giveTheSameSnapshot_byteForByte() {
        source("data.csv", Rows.csv(300, 1));

        Retrieve.Output first = retrieve("first", AFTER_ALL);
        Retrieve.Output second = retrieve("second", AFTER_ALL);

        assertEquals(first.snapshot(), second.snapshot());
        assertEquals(RunStatus.RUNNING, registry.run("shop", "first").orElseThrow().status());
        source("data.csv", Rows.csv(300, 2));
        assertTrue(
                !first.snapshot()
                        .digest()
                        .equals(retrieve("third", AFTER_ALL).snapshot().digest()));
    }

    /** The libraries that unpack them are in this function's zip, not in everybody's. */
    @ParameterizedTest
    @ValueSource(strings = {"snappy", "lz4", "gzip", "zstd"})
    void parquetFilesOfUsers_areReadHoweverTheyAreCompressed(String codec) throws IOException {
        spec(
                Rows.spec("shop")
                        .replace("column: bought, positive: \"yes\"", "column: kind, positive: a")
                        .replaceAll("  - \\{name: (shop|price).*\\n", "")
                        .replace("name: size", "name: x"));
        try (InputStream in = Rows.class.getResourceAsStream("/table/" + codec + ".parquet")) {
            artifacts.replace(
                    Keys.source("sales") + "rows.parquet",
                    Objects.requireNonNull(in).readAllBytes(),
                    "application/vnd.apache.parquet");
        }

        SnapshotManifest manifest = manifest(retrieve("run", AFTER_ALL));

        assertEquals(4, manifest.rows());
        assertEquals(1, manifest.badRows(), "the infinite one");
    }

    @Test
    void keyLongerThanAFileName_isRead() {
        source("x".repeat(200) + "/" + "y".repeat(200) + ".csv", Rows.csv(100, 1));

        assertEquals(100, manifest(retrieve("run", AFTER_ALL)).rows());
    }

    @Test
    void rowsSinceAMoment_areRetrievedAlone_fromTheDaysThatHaveThem() {
        List<String> lines = Rows.lines(96, 1);
        for (int day = 0; day < 4; day++) {
            source(
                    "date=2026-01-0%d/rows.csv".formatted(day + 1),
                    Rows.HEADER
                            + "\n"
                            + String.join("\n", lines.subList(1 + day * 24, 25 + day * 24))
                            + "\n");
        }

        Retrieve.Output recent = retrieve(Optional.of(Instant.parse("2026-01-03T12:00:00Z")));

        assertEquals(36, manifest(recent).rows());
        assertEquals(2, manifest(recent).files().size());
        assertEquals(
                96, manifest(retrieve(Optional.of(Instant.parse("2020-01-01T00:00:00Z")))).rows());
        assertTrue(
                assertThrows(
                                NoDataException.class,
                                () -> retrieve(Optional.of(Instant.parse("2026-01-05T00:00:00Z"))))
                        .getMessage()
                        .contains("none since 2026-01-05T00:00:00Z before"));
    }

    private Retrieve.Output retrieve(Optional<Instant> since) {
        return step.apply(
                new Retrieve.Input(
                        "probe",
                        "shop",
                        "sales",
                        since,
                        AFTER_ALL,
                        Optional.empty(),
                        AFTER_ALL,
                        Optional.of(true)));
    }

    @Test
    void window_endsBeforeUntil_andBeginsAWindowBeforeTheNewestRow() {
        spec(TWO_DAYS);
        source("data.csv", Rows.csv(100, 1));

        SnapshotManifest manifest =
                manifest(retrieve("run", Instant.parse("2026-01-04T00:00:00Z")));

        assertEquals(48, manifest.rows(), "two days, hourly");
        assertEquals(52, manifest.rowsOutsideWindow());
        assertEquals(Instant.parse("2026-01-03T23:00:00.000001Z"), manifest.until());
    }

    @Test
    void rowsWhoseLabelIsNotYetKnown_waitAndAreCounted() {
        spec(Rows.spec("shop").replace("positive: \"yes\"", "positive: \"yes\", delay: PT10H"));
        source("data.csv", Rows.csv(100, 1));

        SnapshotManifest manifest =
                manifest(retrieve("run", Instant.parse("2026-01-04T00:00:00Z")));

        assertEquals(9, manifest.rowsAwaitingLabel(), "15 to 23 o'clock; 14's is just known");
        assertEquals(63, manifest.rows());
    }

    @Test
    void partitions_thatCantMatter_areNotRead() {
        spec(TWO_DAYS);
        List<String> lines = Rows.lines(96, 1);
        for (int day = 0; day < 4; day++) {
            source(
                    "date=2026-01-0%d/part.csv".formatted(day + 1),
                    Rows.HEADER
                            + "\n"
                            + String.join("\n", lines.subList(1 + 24 * day, 25 + 24 * day))
                            + "\n");
        }
        source("date=2026-01-01/part.csv", "never read");

        SnapshotManifest manifest = manifest(retrieve("run", AFTER_ALL));

        assertEquals(48, manifest.rows());
        assertEquals(3, manifest.files().size());
    }

    @Test
    void newestPartition_withoutARowBeforeUntil_hidesNoOlderOne() {
        spec(Rows.spec("shop").replace("P90D", "P7D").replace("P8D", "P1D"));
        source("date=2026-01-01/part.csv", Rows.csv(24, 1));
        source(
                "date=2026-01-20/part.csv",
                Rows.csv(3, 1)
                        .replace("2026-01-01T00:00", "2026-01-20T00:45")
                        .replace("2026-01-01T", "2026-01-20T"));

        SnapshotManifest manifest =
                manifest(retrieve("run", Instant.parse("2026-01-20T00:30:00Z")));

        assertEquals(24, manifest.rows());
        assertEquals(3, manifest.rowsOutsideWindow());
    }

    @Test
    void newestPartition_ofBadRowsAlone_hidesNoOlderOne() {
        spec(TWO_DAYS);
        source("date=2026-01-01/part.csv", Rows.csv(24, 1));
        source("date=2026-01-20/part.csv", Rows.HEADER + "\n2026-01-20T00:00:00Z,north,x,12,yes\n");

        SnapshotManifest manifest = manifest(retrieve("run", AFTER_ALL));

        assertEquals(24, manifest.rows());
        assertEquals(1, manifest.badRows());
    }

    @Test
    void whatWritersLeaveBesideTheirData_isNotRead() {
        source("data.csv", Rows.csv(100, 1));
        artifacts.place(Keys.source("sales") + "_temporary/0/part.csv", bytes("half a row"));
        artifacts.place(Keys.source("sales") + ".hidden.csv", bytes("no row"));

        assertEquals(1, manifest(retrieve("run", AFTER_ALL)).files().size());
    }

    @Test
    void keyWithUnusualCharacters_isRefusedByName() {
        source("data.csv", Rows.csv(100, 1));
        artifacts.place(Keys.source("sales") + "März 2026.csv", bytes(Rows.csv(100, 1)));

        UnreadableDataException refused =
                assertThrows(UnreadableDataException.class, () -> retrieve("run", AFTER_ALL));

        assertTrue(
                refused.getMessage().contains("store/sales/März 2026.csv: ")
                        && refused.getMessage().contains("rename it"),
                refused::getMessage);
    }

    @Test
    void badRows_areCountedAndKept_withTheirPlace() {
        source("data.csv", Rows.csv(100, 1) + "2026-02-01T00:00:00Z,north,x,12,yes\n");

        Retrieve.Output output = retrieve("run", AFTER_ALL);

        assertEquals(100, manifest(output).rows());
        assertEquals(1, manifest(output).badRows());
        JsonNode bad = Json.tree("bad rows", artifacts.read(output.badRows()));
        assertEquals(1, bad.size());
        assertTrue(bad.toString().contains("102"), bad::toString);
        assertTrue(bad.toString().contains("size"), bad::toString);
    }

    @Test
    void nothingToRead_saysWhatIsMissing() {
        assertTrue(
                assertThrows(NoDataException.class, () -> retrieve("a", AFTER_ALL))
                        .getMessage()
                        .contains("holds no .csv and no .parquet file"));
        source("data.csv", Rows.csv(10, 1));
        assertTrue(
                assertThrows(NoDataException.class, () -> retrieve("b", Rows.BEGIN))
                        .getMessage()
                        .contains("10 readable rows, but none before"));
        source("data.csv", Rows.HEADER + "\n");
        assertTrue(
                assertThrows(NoDataException.class, () -> retrieve("c", AFTER_ALL))
                        .getMessage()
                        .contains("no readable row"));
        source("data.csv", "");
        assertThrows(UnreadableDataException.class, () -> retrieve("d", AFTER_ALL));
        source("date=yesterday/x.csv", Rows.csv(10, 1));
        assertTrue(
                assertThrows(NoDataException.class, () -> retrieve("e", AFTER_ALL))
                        .getMessage()
                        .contains("'yesterday' is no date"));
    }

    @Test
    void spec_missingOrOfAnotherPipeline_isSaid() {
        Retrieve.Input other =
                new Retrieve.Input(
                        "r",
                        "toys",
                        "sales",
                        Optional.empty(),
                        AFTER_ALL,
                        Optional.empty(),
                        AFTER_ALL,
                        Optional.empty());
        assertThrows(MissingSpecException.class, () -> step.apply(other));

        artifacts.replace(Keys.spec("toys"), bytes(Rows.spec("shop")), "application/yaml");
        assertTrue(
                assertThrows(
                                MissingSpecException.class,
                                () ->
                                        step.apply(
                                                new Retrieve.Input(
                                                        "s",
                                                        "toys",
                                                        "sales",
                                                        Optional.empty(),
                                                        AFTER_ALL,
                                                        Optional.empty(),
                                                        AFTER_ALL,
                                                        Optional.empty())))
                        .getMessage()
                        .contains("of shop"));
    }

    @Test
    void retry_keepsTheRunsSpec_andTakesTheSourceAsItIsThen() {
        source("data.csv", Rows.csv(100, 1) + "2026-02-01T00:00:00Z,north,x,12,yes\n");
        Retrieve.Output before = retrieve("run", AFTER_ALL);

        spec(Rows.spec("shop").replace("seed: 3", "seed: 4"));
        source("data.csv", Rows.csv(100, 1));
        Retrieve.Output after = retrieve("run", AFTER_ALL);

        assertEquals(before.spec(), after.spec());
        assertArrayEquals(bytes(Rows.spec("shop")), artifacts.read(after.spec()));
        assertEquals(0, Json.tree("bad rows", artifacts.read(after.badRows())).size());
        assertEquals(1, Json.tree("bad rows", artifacts.read(before.badRows())).size());
    }

    @Test
    void sourceThatWouldLeaveItsPrefix_isRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        step.apply(
                                new Retrieve.Input(
                                        "r",
                                        "shop",
                                        "../models",
                                        Optional.empty(),
                                        AFTER_ALL,
                                        Optional.empty(),
                                        AFTER_ALL,
                                        Optional.empty())));
    }
}

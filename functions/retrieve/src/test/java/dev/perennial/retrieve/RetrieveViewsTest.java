package dev.perennial.retrieve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.Snapshots;
import dev.perennial.aws.Workspace;
import dev.perennial.core.Rows;
import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.Batch.Part;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.registry.InMemoryModelRegistry;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.step.Retrieve;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.core.table.UnreadableDataException;
import dev.perennial.parquet.BatchWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots with columns of feature views. */
class RetrieveViewsTest {
    private static final String VIEW =
            """
            name: stock
            key: [shop]
            time: at
            columns:
              - {name: left, type: number}
              - {name: supplier, type: category}
            """;
    private static final Instant AFTER_ALL = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final OfflineStore offline = new OfflineStore(artifacts);
    private final RetrieveStep step = new RetrieveStep(artifacts, new InMemoryModelRegistry());

    @BeforeEach
    void uploadRows() {
        String rows =
                IntStream.range(0, 48)
                        .mapToObj(hour ->
                                "%s,%s,%d,5,yes"
                                        .formatted(
                                                Rows.BEGIN.plusSeconds(3_600L * hour),
                                                hour % 2 == 0 ? "north" : "south",
                                                hour))
                        .collect(Collectors.joining("\n"));
        artifacts.replace(
                Keys.source("sales") + "data.csv",
                bytes("at,shop,size,price,bought\n" + rows + "\n"),
                "text/csv");
        spec(VIEW, "{view: stock, columns: [left, supplier], maxAge: PT3H}");
    }

    private void spec(String view, String use) {
        artifacts.replace(
                Keys.spec("shop"),
                bytes(
                        SpecReader.bundle(
                                Rows.spec("shop").replace("features:", "features:\n  - " + use),
                                List.of(view))),
                "application/yaml");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Batch ingest(String view, Instant ingestedAt, String csv) {
        FeatureView declared = SpecReader.view("stock.yaml", view);
        try (Workspace workspace = new Workspace("test");
                BatchWriter writer = new BatchWriter(declared)) {
            Path file = Files.writeString(workspace.file("rows.csv"), csv);
            writer.add(new TableReader(declared.schema()).add(file, "rows.csv").finish().table());
            writer.keep();
            BatchWriter.Written written = writer.write(workspace.folder());
            Digest id = Batch.identity(declared, List.of(Digest.of(file)));
            List<Part> parts =
                    written.days().stream()
                            .map(day ->
                                    new Part(
                                            day.date(),
                                            artifacts.put(
                                                    Keys.part(
                                                            "stock",
                                                            day.date(),
                                                            id,
                                                            workspace.digest(day.file())),
                                                    day.file(),
                                                    "application/vnd.apache.parquet"),
                                            day.rows(),
                                            day.from(),
                                            day.to()))
                            .toList();
            return offline.commit(
                    new Batch(
                            "stock",
                            id,
                            ingestedAt,
                            List.of(),
                            parts,
                            written.rows(),
                            0,
                            0,
                            Batch.columns(declared),
                            List.of(),
                            Optional.empty()));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private Retrieve.Output retrieve(Optional<Instant> asOf) {
        return step.apply(
                new Retrieve.Input(
                        "run",
                        "shop",
                        "sales",
                        Optional.empty(),
                        AFTER_ALL,
                        asOf,
                        AFTER_ALL,
                        Optional.empty()));
    }

    private Table rows(Retrieve.Output output) {
        return Snapshots.table(
                artifacts, output.snapshot(), Snapshots.spec(artifacts, output.spec()).schema());
    }

    private SnapshotManifest manifest(Retrieve.Output output) {
        return Json.read(
                "manifest", artifacts.read(output.snapshot().manifest()), SnapshotManifest.class);
    }

    @Test
    void aSnapshotHasWhatAViewKnewAtEachRow_andItsManifestSaysFromWhere() {
        ingest(
                VIEW,
                NOON,
                "at,shop,left,supplier\n"
                        + "2026-01-01T00:30:00Z,north,7,acme\n"
                        + "2026-01-01T01:00:00Z,south,3,\n"
                        + "2025-11-01T00:00:00Z,north,99,old\n");

        Retrieve.Output output = retrieve(Optional.empty());

        Table table = rows(output);
        double[] left = table.number("left").values();
        double gone = Double.NaN; // after three hours
        assertArrayEquals(
                new double[] {gone, 3, 7, 3, gone, gone}, java.util.Arrays.copyOf(left, 6));
        assertEquals("acme", table.category("supplier").text(2));
        assertEquals(48, table.rows());
        SnapshotManifest.JoinedView joined = manifest(output).views().getFirst();
        assertEquals("stock", joined.view());
        assertEquals(3, joined.matched());
        assertEquals(1, joined.files().size(), "November can't matter");
        assertEquals(output, retrieve(Optional.empty()), "the same bytes again");
    }

    @Test
    void asOf_seesOnlyWhatWasKnownThen() {
        ingest(VIEW, NOON, "at,shop,left,supplier\n2026-01-01T00:00:00Z,north,1,a\n");
        ingest(
                VIEW,
                NOON.plusSeconds(60),
                "at,shop,left,supplier\n2026-01-01T00:00:00Z,north,2,corrected\n");

        Retrieve.Output now = retrieve(Optional.empty());
        assertEquals(2, rows(now).number("left").values()[0]);

        Retrieve.Output then =
                step.apply(
                        new Retrieve.Input(
                                "then",
                                "shop",
                                "sales",
                                Optional.empty(),
                                AFTER_ALL,
                                Optional.of(NOON),
                                AFTER_ALL,
                                Optional.empty()));
        assertEquals(1, rows(then).number("left").values()[0]);
        assertEquals(Optional.of(NOON), manifest(then).asOf());
    }

    @Test
    void aViewWithoutBatches_andAPartThatIsGone_areNamed() {
        String none =
                String.valueOf(
                        assertThrows(NoDataException.class, () -> retrieve(Optional.empty()))
                                .getMessage());
        assertTrue(none.contains("feature view 'stock' has no batch; ingest"), none);

        Batch batch = ingest(VIEW, NOON, "at,shop,left,supplier\n2026-01-01T00:00:00Z,north,1,a\n");
        artifacts.delete(batch.parts().getFirst().data().key());
        String gone =
                String.valueOf(
                        assertThrows(NoDataException.class, () -> retrieve(Optional.empty()))
                                .getMessage());
        assertTrue(gone.contains("was deleted while its manifest is there"), gone);
    }

    @Test
    void aColumnThatCameLater_isMissingBefore_andOneThatChanged_isNamed() {
        String older = VIEW.replace("  - {name: supplier, type: category}\n", "");
        ingest(older, NOON, "at,shop,left\n2026-01-01T00:00:00Z,north,1\n");

        Table table = rows(retrieve(Optional.empty()));
        assertEquals(1, table.number("left").values()[0]);
        assertEquals("", table.category("supplier").text(0));

        spec(
                VIEW.replace("left, type: number", "left, type: category"),
                "{view: stock, columns: [left]}");
        String changed =
                String.valueOf(
                        assertThrows(
                                        UnreadableDataException.class,
                                        () ->
                                                step.apply(
                                                        new Retrieve.Input(
                                                                "other",
                                                                "shop",
                                                                "sales",
                                                                Optional.empty(),
                                                                AFTER_ALL,
                                                                Optional.empty(),
                                                                AFTER_ALL,
                                                                Optional.empty())))
                                .getMessage());
        assertTrue(changed.contains("'left' should be a category"), changed);
    }
}

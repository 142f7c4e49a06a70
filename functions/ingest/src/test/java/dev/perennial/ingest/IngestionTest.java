package dev.perennial.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.InMemoryOnlineStore;
import dev.perennial.core.feature.Inbox.Arrival;
import dev.perennial.core.feature.Ingested;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.spec.ViewUse;
import dev.perennial.core.spec.ViewUse.Match;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import dev.perennial.parquet.PointInTimeJoin;
import dev.perennial.parquet.PointInTimeJoin.History;
import dev.perennial.parquet.PointInTimeJoin.HistoryFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngestionTest {
    private static final Instant NOW = Instant.parse("2026-03-02T00:00:00Z");
    private static final String VIEW =
            """
            name: weather
            key: [region]
            time: at
            columns:
              - {name: warmth, type: number, min: -60, max: 60, maxNulls: 0.5}
              - {name: sky, type: category}
            maxBadRows: 0.4
            """;

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final InMemoryOnlineStore online = new InMemoryOnlineStore();
    private final ArtifactInbox inbox = new ArtifactInbox(artifacts);
    private final OfflineStore offline = new OfflineStore(artifacts);
    private Instant now = NOW;

    @TempDir Path folder;

    private static FeatureView view(String yaml) {
        return SpecReader.view("weather.yaml", yaml);
    }

    private Ingestion ingestion() {
        return new Ingestion(artifacts, online, inbox, () -> now);
    }

    private Arrival arrive(String name, String content) {
        String key = "incoming/weather/" + name;
        artifacts.place(key, content.getBytes(StandardCharsets.UTF_8));
        return new Arrival(key, Optional.empty());
    }

    private Ingested ingest(String... rows) {
        return ingestion().ingest(view(VIEW), List.of(arrive("rows.csv", csv(rows))));
    }

    private static String csv(String... rows) {
        return "at,region,warmth,sky\n" + String.join("\n", rows) + "\n";
    }

    private OnlineRow newest(String region) {
        return online.get("weather", List.of(new EntityKey(List.of(region))))
                .get(new EntityKey(List.of(region)));
    }

    @Test
    void rowsGoByDayIntoOneBatch_andTheNewestOnline() {
        Ingested answer =
                ingest(
                        "2026-03-01T23:59:59Z,north,4.25,clear",
                        "2026-02-28T10:00:00Z,north,1,cloudy",
                        "2026-03-01T00:00:00Z,south,,");

        Batch batch = offline.batches("weather").getFirst();
        assertEquals(Optional.of(batch.id()), answer.batch());
        assertTrue(answer.fresh());
        assertEquals(3, answer.rows());
        assertEquals(2, answer.online());
        assertEquals(
                List.of("2026-02-28", "2026-03-01"),
                batch.parts().stream().map(part -> part.date().toString()).toList());
        assertEquals(NOW, batch.ingestedAt());
        assertEquals(4.25, newest("north").values().get("warmth"));
        assertTrue(newest("south").values().containsKey("warmth"));
        assertEquals(null, newest("south").values().get("warmth"));
        assertFalse(inbox.holds("incoming/weather/rows.csv"));
    }

    @Test
    void theSameFileTwice_addsNothing_underAnyName_orWithOthers() {
        String[] rows = {"2026-03-01T00:00:00Z,north,1,clear"};
        ingest(rows);
        now = NOW.plusSeconds(60);

        Ingested again = ingest(rows);
        Ingested renamed = ingestion().ingest(view(VIEW), List.of(arrive("other.csv", csv(rows))));
        Ingested withAnother =
                ingestion()
                        .ingest(
                                view(VIEW),
                                List.of(
                                        arrive("a.csv", csv(rows)),
                                        arrive("b.csv", csv("2026-03-01T01:00:00Z,north,2,clear")),
                                        arrive(
                                                "c.csv",
                                                csv("2026-03-01T01:00:00Z,north,2,clear"))));

        assertFalse(again.fresh());
        assertEquals(List.of("rows.csv"), again.known());
        assertEquals(List.of("other.csv"), renamed.known());
        assertEquals(List.of("a.csv", "c.csv"), withAnother.known());
        assertEquals(1, withAnother.rows());
        assertEquals(2, offline.batches("weather").stream().mapToLong(Batch::rows).sum());
        assertTrue(artifacts.list("incoming/").isEmpty());
    }

    @Test
    void ofTwoRowsOfOneMoment_theLaterCounts_inABatchAndAcross() {
        Ingested answer =
                ingest(
                        "2026-03-01T00:00:00Z,north,1,clear",
                        "2026-03-01T00:00:00Z,north,2,clear",
                        "2026-03-01T00:00:00+00:00,north,3,clear");

        assertEquals(2, answer.repeated());
        assertEquals(1, answer.rows());
        assertEquals(3.0, newest("north").values().get("warmth"));

        now = NOW.plusSeconds(1);
        ingest("2026-03-01T00:00:00Z,north,4,clear");
        assertEquals(4.0, newest("north").values().get("warmth"));

        now = NOW.plusSeconds(2);
        ingest("2026-02-01T00:00:00Z,north,5,clear");
        assertEquals(4.0, newest("north").values().get("warmth"), "a late row is older");
    }

    @Test
    void rowsThatCantBe_areKeptAsideWithTheirPlace() {
        Ingested answer =
                ingest(
                        "2026-03-01T00:00:00Z,north,1,clear",
                        "2026-03-01T00:00:00Z,,2,clear",
                        "2026-03-01T01:00:00Z,north,1,clear",
                        "2026-03-02T00:00:01Z,north,2,clear",
                        "2026-03-01T02:00:00Z,north,99,clear",
                        "2026-03-01T03:00:00Z,north,1,clear",
                        "2026-03-01T04:00:00Z,north,1,clear",
                        "2026-03-01T05:00:00Z,north,1,clear");

        assertEquals(3, answer.badRows());
        assertEquals(5, answer.rows());
        Batch batch = offline.batches("weather").getFirst();
        String kept =
                new String(artifacts.read(batch.leftOut().orElseThrow()), StandardCharsets.UTF_8);
        for (String said :
                List.of(
                        "\"line\" : 3",
                        "no value",
                        "\"line\" : 5",
                        "a time in the future",
                        "outside -60.0 to 60.0")) {
            assertTrue(kept.contains(said), kept);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "rows.csv | at,region,warmth,sky\\n | no row",
                "rows.csv | at,region,sky\\n1,2,3\\n | column warmth missing",
                "rows.csv | at,region,warmth,sky\\n2026-03-01,n,hot,x\\n | 1 of 1 rows can't be used",
                "rows.txt | hello | neither .csv nor .parquet",
                "rows.parquet | hello | does not begin with PAR1",
                "rows.csv | at,region,warmth,sky\\n2026-03-01,n,,x\\n2026-03-01,m,,x\\n | 100.0 % of the values missing",
            })
    void aFileThatCantBeUsed_goesIntoQuarantine_andTheOthersIn(
            String name, String content, String reason) {
        Arrival bad = arrive(name, content.replace("\\n", "\n"));
        Arrival good = arrive("good.csv", csv("2026-03-01T00:00:00Z,north,1,clear"));

        Ingested answer = ingestion().ingest(view(VIEW), List.of(bad, good));

        assertEquals(1, answer.rows());
        Ingested.Rejected rejected = answer.rejected().getFirst();
        assertTrue(rejected.reason().contains(reason), rejected.reason());
        assertTrue(artifacts.current(rejected.quarantine()).isPresent());
        assertTrue(
                new String(
                                artifacts
                                        .current(rejected.quarantine() + ".reason.json")
                                        .orElseThrow(),
                                StandardCharsets.UTF_8)
                        .contains(reason));
        assertTrue(artifacts.list("incoming/").isEmpty());
    }

    @Test
    void whatIsPersonal_isInNoReason() {
        String yaml =
                VIEW.replace("[region]", "[{name: region, personal: true}]")
                        .replace(
                                "{name: sky, type: category}",
                                "{name: sky, type: category, values: [clear], personal: true}");
        String secret = "ada@example.org";
        Arrival rows =
                arrive(
                        "rows.csv",
                        csv(
                                "2026-03-01T00:00:00Z,north,1,clear",
                                "2026-03-01T00:00:01Z,north,1,clear",
                                "2026-03-01T00:00:00Z,north,1," + secret));
        Arrival worse = arrive("worse.csv", csv("2026-03-01T00:00:00Z,n,1," + secret));
        Arrival headless = arrive("headless.csv", secret + ",1,2,3\nb,4,5,6\n");

        Ingested answer = ingestion().ingest(view(yaml), List.of(rows, worse, headless));

        assertEquals(1, answer.badRows());
        assertEquals(2, answer.rejected().size());
        for (var object : artifacts.list("")) {
            boolean itself =
                    object.key().startsWith("quarantine/") && !object.key().endsWith(".json");
            assertTrue(
                    itself
                            || !new String(
                                            artifacts.current(object.key()).orElseThrow(),
                                            StandardCharsets.UTF_8)
                                    .contains(secret),
                    object.key());
        }
    }

    /** Of what two killed ingestions left, a third with their files and another completes both. */
    @Test
    void whatWasVisibleButNotOnline_isPublishedWithTheNextWish() {
        for (String region : List.of("north", "south")) {
            ingestion()
                    .ingest(
                            view(VIEW),
                            List.of(
                                    arrive(
                                            region + ".csv",
                                            csv(
                                                    "2026-03-01T00:00:00Z,%s,1,clear"
                                                            .formatted(region)))));
        }
        artifacts.list("store/weather/online/").forEach(marker -> artifacts.delete(marker.key()));
        InMemoryOnlineStore empty = new InMemoryOnlineStore();

        Ingested answer =
                new Ingestion(artifacts, empty, inbox, () -> now)
                        .ingest(
                                view(VIEW),
                                List.of(
                                        arrive("a.csv", csv("2026-03-01T00:00:00Z,north,1,clear")),
                                        arrive("b.csv", csv("2026-03-01T00:00:00Z,south,1,clear")),
                                        arrive("c.csv", csv("2026-03-01T00:00:00Z,west,1,clear"))));

        assertEquals(3, answer.online());
        assertEquals(1, answer.rows());
    }

    @Test
    void aViewWhoseKeyChanged_takesTheSameFilesAgain() {
        ingest("2026-03-01T00:00:00Z,north,1,clear", "2026-03-01T00:00:00Z,north,1,cloudy");

        Ingested again =
                ingestion()
                        .ingest(
                                view(
                                        VIEW.replace("key: [region]", "key: [region, sky]")
                                                .replace("  - {name: sky, type: category}\n", "")),
                                List.of(
                                        arrive(
                                                "rows.csv",
                                                csv(
                                                        "2026-03-01T00:00:00Z,north,1,clear",
                                                        "2026-03-01T00:00:00Z,north,1,cloudy"))));

        assertTrue(again.fresh());
        assertEquals(2, again.rows());
    }

    /** Names that mean something to the database that sorts batches. */
    @ParameterizedTest
    @ValueSource(
            strings = {"day", "added", "kept", "count", "select", "row", "file", "place", "key0"})
    void anyName_isAColumns(String name) {
        String yaml = VIEW.replace("name: warmth", "name: " + name);
        String rows = csv("2026-03-01T00:00:00Z,north,7,clear").replace("warmth", name);

        ingestion().ingest(view(yaml), List.of(arrive("rows.csv", rows)));

        assertEquals(7.0, newest("north").values().get(name));
    }

    @Test
    void longNamesAndKeys_areHandled() {
        String name = "x".repeat(300) + ".csv";
        Ingested answer =
                ingestion()
                        .ingest(
                                view(VIEW),
                                List.of(
                                        arrive(
                                                name,
                                                csv(
                                                        "2026-03-01T00:00:00Z,north,1,clear",
                                                        "2026-03-01T00:00:00Z,south,1,clear",
                                                        "2026-03-01T00:00:00Z,%s,1,clear"
                                                                .formatted("k".repeat(301))))));

        assertEquals(2, answer.rows());
        assertEquals(1, answer.badRows());
    }

    @Test
    void aFileThatIsGone_isNoError() {
        Ingested answer =
                ingestion()
                        .ingest(
                                view(VIEW),
                                List.of(new Arrival("incoming/weather/x.csv", Optional.empty())));

        assertEquals(List.of("x.csv"), answer.gone());
        assertTrue(answer.batch().isEmpty());
    }

    /** Killed before each of its writes in turn: nothing half visible, and a repeat completes. */
    @Test
    void killedAnywhere_isCompletedByARepeat() {
        for (int kill = 0; ; kill++) {
            InMemoryArtifactStore store = new InMemoryArtifactStore();
            InMemoryOnlineStore rows = new InMemoryOnlineStore();
            String key = "incoming/weather/rows.csv";
            store.place(
                    key,
                    csv(
                                    "2026-03-01T00:00:00Z,north,1,clear",
                                    "2026-02-28T00:00:00Z,north,0,clear",
                                    "2026-02-28T00:00:00Z,south,oops,clear")
                            .getBytes(StandardCharsets.UTF_8));
            List<Arrival> arrivals = List.of(new Arrival(key, Optional.empty()));
            DyingStore dying = new DyingStore(store, kill);
            boolean died = false;
            try {
                new Ingestion(dying, rows, new ArtifactInbox(store), () -> NOW)
                        .ingest(view(VIEW), arrivals);
            } catch (DyingStore.Killed killed) {
                died = true;
            }
            for (Batch half : new OfflineStore(store).batches("weather")) {
                half.parts().forEach(part -> store.read(part.data()));
            }

            new Ingestion(store, rows, new ArtifactInbox(store), () -> NOW.plusSeconds(7))
                    .ingest(view(VIEW), arrivals);

            List<Batch> batches = new OfflineStore(store).batches("weather");
            assertEquals(1, batches.size(), "killed before write " + kill);
            assertEquals(2, batches.getFirst().rows());
            EntityKey north = new EntityKey(List.of("north"));
            assertEquals(
                    1.0, rows.get("weather", List.of(north)).get(north).values().get("warmth"));
            assertTrue(store.list("incoming/").isEmpty());
            if (!died) {
                assertTrue(kill > 5, "so many writes there are");
                return;
            }
        }
    }

    @Test
    void ingestionsAtOnce_ofOneViewLoseNothing_andAddNothingTwice() throws Exception {
        List<Callable<Ingested>> both = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            // Each file arrives in two places.
            String content = csv("2026-03-01T0%d:00:00Z,north,%d,clear".formatted(i / 2, i / 2));
            Arrival arrival = arrive("file-%d.csv".formatted(i), content);
            both.add(() -> ingestion().ingest(view(VIEW), List.of(arrival)));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Ingested> each : threads.invokeAll(both)) {
                assertEquals(List.of(), each.get().rejected());
            }
        }

        List<Batch> batches = offline.batches("weather");
        assertEquals(4, batches.size());
        assertEquals(4, batches.stream().mapToLong(Batch::rows).sum());
        assertEquals(3.0, newest("north").values().get("warmth"));
        assertTrue(artifacts.list("incoming/").isEmpty());
    }

    @Test
    void tenThousandTinyFiles_inOneWish_areOneBatch() {
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            arrivals.add(
                    arrive(
                            "tiny-%05d.csv".formatted(i),
                            csv("2026-03-01T00:00:00.%06dZ,r%d,1,clear".formatted(i, i % 7))));
        }

        Ingested answer = ingestion().ingest(view(VIEW), arrivals);

        assertEquals(10_000, answer.rows());
        assertEquals(7, answer.online());
        assertEquals(1, offline.batches("weather").size());
    }

    /** In whatever order batches come, what is online is what a join at that instant finds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void offlineEqualsOnline(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        FeatureView view = view(VIEW + "timeToLive: PT20H\n");
        List<String> regions = List.of("a", "b", "c", "d", "e");
        for (int batch = 0; batch < 6; batch++) {
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                rows.add(
                        "%s,%s,%s,%s"
                                .formatted(
                                        NOW.minusSeconds(3_600L * random.nextInt(48)),
                                        regions.get(random.nextInt(regions.size())),
                                        random.nextInt(5) == 0
                                                ? ""
                                                : String.format(
                                                        Locale.ROOT,
                                                        "%.3f",
                                                        random.nextDouble() * 50),
                                        random.nextInt(5) == 0 ? "" : "s" + random.nextInt(3)));
            }
            rows.add("%s,z,1,z".formatted(NOW.minusSeconds(1 + batch)));
            now = now.plusSeconds(random.nextInt(2));
            ingestion()
                    .ingest(
                            view,
                            List.of(
                                    arrive(
                                            "b%d.csv".formatted(batch),
                                            csv(rows.toArray(String[]::new)))));
            compare(view, regions);
        }
    }

    private void compare(FeatureView view, List<String> regions) throws IOException {
        List<HistoryFile> files = new ArrayList<>();
        for (Batch batch : offline.batches("weather")) {
            for (Batch.Part part : batch.parts()) {
                Path file = folder.resolve(part.data().fileName());
                Files.write(file, artifacts.read(part.data()));
                files.add(new HistoryFile(file, batch.columns().keySet(), part.from(), part.to()));
            }
        }
        ViewUse use =
                new ViewUse(
                        view,
                        Map.of(),
                        List.of(new TakenColumn("warmth", "warmth"), new TakenColumn("sky", "sky")),
                        Optional.of(Duration.ofHours(20)),
                        Match.AT_OR_BEFORE);
        Schema order =
                new Schema(
                        List.of(
                                new Field("warmth", ColumnType.NUMBER),
                                new Field("sky", ColumnType.CATEGORY)));
        long[] moments = new long[regions.size()];
        java.util.Arrays.fill(moments, EventTime.micros(now));
        Path joined = folder.resolve("joined.parquet");
        PointInTimeJoin.write(
                new Table(
                        List.of(
                                CategoryColumn.of("region", regions),
                                new TimeColumn("when", moments))),
                "when",
                List.of(new History(use, files)),
                order,
                joined);
        Table table = new TableReader(order).add(joined, "joined.parquet").finish().table();
        for (int i = 0; i < regions.size(); i++) {
            Optional<OnlineRow> row =
                    Optional.ofNullable(newest(regions.get(i)))
                            .filter(each ->
                                    each.expiresAt().filter(end -> end.isBefore(now)).isEmpty());
            Object warmth = row.map(each -> (Object) each.values().get("warmth")).orElse(null);
            Object sky = row.map(each -> (Object) each.values().get("sky")).orElse(null);
            double offlineWarmth = table.number("warmth").values()[i];
            assertEquals(warmth, Double.isNaN(offlineWarmth) ? null : offlineWarmth);
            assertEquals(sky == null ? "" : sky, table.category("sky").text(i));
        }
    }

    @Test
    void backfill_fillsALostOnlineStore() {
        ingest("2026-03-01T00:00:00Z,north,1,clear", "2026-03-01T00:00:00Z,south,2,clear");
        now = NOW.plusSeconds(1);
        ingest("2026-03-01T01:00:00Z,north,3,clear");
        InMemoryOnlineStore lost = new InMemoryOnlineStore();

        Ingested answer = new Ingestion(artifacts, lost, inbox, () -> now).backfill(view(VIEW));

        assertEquals(3, answer.rows());
        EntityKey north = new EntityKey(List.of("north"));
        assertEquals(newest("north"), lost.get("weather", List.of(north)).get(north));
    }

    @Test
    void aColumnThatTheViewGained_comesWithTheSameFileAgain() {
        ingest("2026-03-01T00:00:00Z,north,1,clear");
        String wider = VIEW.replace("maxBadRows", "  - {name: wind, type: number}\nmaxBadRows");
        String content = "at,region,warmth,sky,wind\n2026-03-01T00:00:00Z,north,1,clear,7\n";
        now = NOW.plusSeconds(1);

        ingestion().ingest(view(wider), List.of(arrive("rows.csv", content)));

        assertEquals(7.0, newest("north").values().get("wind"));
        assertEquals(2, offline.batches("weather").size());
    }

    @Test
    void aStoreThatFails_isAnError_andTheFileStays() {
        Arrival arrival = arrive("rows.csv", csv("2026-03-01T00:00:00Z,north,1,clear"));

        assertThrows(
                DyingStore.Killed.class,
                () ->
                        new Ingestion(new DyingStore(artifacts, 0), online, inbox, () -> now)
                                .ingest(view(VIEW), List.of(arrival)));

        assertTrue(inbox.holds(arrival.key()));
    }
}

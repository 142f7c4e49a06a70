package dev.perennial.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.core.json.Json;
import dev.perennial.core.live.CapturedRows;
import dev.perennial.core.live.InMemoryLiveLog;
import dev.perennial.core.live.LiveBatch;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveLog;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveMessage.Kind;
import dev.perennial.core.metric.Task;
import dev.perennial.core.store.InMemoryArtifactStore;
import dev.perennial.core.store.StoreUnavailableException;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Column.NumberColumn;
import dev.perennial.core.table.Column.TimeColumn;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CaptureHandlerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir Path folder;

    private final InMemoryArtifactStore artifacts = new InMemoryArtifactStore();
    private final InMemoryLiveLog log = new InMemoryLiveLog();
    private final List<String> metrics = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private CaptureHandler handler(LiveLog into) {
        return handler(into, "shop");
    }

    private CaptureHandler handler(LiveLog into, String pipeline) {
        return new CaptureHandler(
                artifacts, into, pipeline, new EmbeddedMetrics(metrics::add), problems::add);
    }

    private static String labels(String pipeline, String... labels) {
        int rows = labels.length;
        long[] at = new long[rows];
        java.util.Arrays.fill(at, EventTime.micros(NOW));
        List<String> ids = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            ids.add("p" + row);
        }
        LiveMessage message =
                new LiveMessage(
                        pipeline,
                        Kind.LABELS,
                        OptionalInt.empty(),
                        new Table(
                                List.of(
                                        CategoryColumn.of(LiveColumns.ID, ids),
                                        CategoryColumn.of(
                                                LiveColumns.ENTITY,
                                                java.util.Collections.nCopies(rows, "")),
                                        new TimeColumn(LiveColumns.TIME, at),
                                        new TimeColumn(LiveColumns.AT, at),
                                        CategoryColumn.of(LiveColumns.LABEL, List.of(labels)))));
        return new String(message.toJson(), StandardCharsets.UTF_8);
    }

    private static String predictions() {
        LiveMessage message =
                new LiveMessage(
                        "shop",
                        Kind.PREDICTIONS,
                        OptionalInt.of(3),
                        new Table(
                                List.of(
                                        CategoryColumn.of(LiveColumns.ID, List.of("p0")),
                                        new TimeColumn(
                                                LiveColumns.AT, new long[] {EventTime.micros(NOW)}),
                                        new NumberColumn("price", new double[] {Double.NaN}))));
        return new String(message.toJson(), StandardCharsets.UTF_8);
    }

    private List<String> failures(CaptureHandler handler, Map<String, String> bodies) {
        List<Map<String, Object>> records = new ArrayList<>();
        bodies.forEach((id, body) ->
                records.add(
                        Map.of(
                                "messageId",
                                id,
                                "body",
                                body,
                                "attributes",
                                Map.of("SentTimestamp", Long.toString(NOW.toEpochMilli())))));
        JsonNode answer =
                Json.tree(
                        "answer",
                        handler.apply(
                                new ByteArrayInputStream(Json.write(Map.of("Records", records)))));
        List<String> failed = new ArrayList<>();
        answer.get("batchItemFailures")
                .forEach(each -> failed.add(each.get("itemIdentifier").asString()));
        return failed;
    }

    private Table read(LiveBatch batch) {
        Path file = folder.resolve("batch.parquet");
        artifacts.fetch(batch.data(), file);
        return new TableReader(CapturedRows.labelSchema(Task.BINARY))
                .add(file, "batch.parquet")
                .finish()
                .table();
    }

    @Test
    void messages_becomeOneFilePerKind_inTheLog() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("m1", labels("shop", "yes", "no"));
        bodies.put("m2", predictions());
        bodies.put("m3", labels("shop", "no"));

        assertEquals(List.of(), failures(handler(log), bodies));

        List<LiveLog.Entry> entries = log.after("shop", 0, 10);
        assertEquals(2, entries.size());
        LiveBatch labels = entries.get(0).batch();
        assertEquals(3, labels.rows());
        assertTrue(
                labels.data().key().startsWith("live/shop/labels/date=2026-03-01/"),
                labels.data().key());
        Table rows = read(labels);
        assertEquals("yes", rows.category(LiveColumns.LABEL).text(0));
        assertEquals("", rows.category(LiveColumns.ENTITY).text(2));
        assertEquals(EventTime.micros(NOW), rows.time(LiveColumns.AT).micros()[1]);
        assertEquals(OptionalInt.of(3), entries.get(1).batch().version());
        assertTrue(metrics.getFirst().contains("\"CapturedLabels\":3.0"), metrics.getFirst());
    }

    @Test
    void poison_isReported_andTheRestIsStored() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("not-json", "{");
        bodies.put("good", labels("shop", "yes"));
        bodies.put("foreign", labels("other", "yes"));
        bodies.put("empty", labels("shop"));

        assertEquals(List.of("not-json", "foreign", "empty"), failures(handler(log), bodies));

        assertEquals(1, log.after("shop", 0, 10).size());
        assertTrue(problems.get(1).contains("it is of pipeline 'other'"), problems.get(1));
        assertTrue(metrics.getFirst().contains("\"MessagesNotStored\":3.0"), metrics.getFirst());
    }

    @Test
    void storeThatIsOut_leavesAllMessagesInTheQueue() {
        LiveLog out =
                new LiveLog() {
                    @Override
                    public long append(String pipeline, LiveBatch batch) {
                        throw new StoreUnavailableException(
                                "appending", new IllegalStateException("out"));
                    }

                    @Override
                    public List<Entry> after(String pipeline, long sequence, int most) {
                        return List.of();
                    }
                };

        assertEquals(List.of("m1"), failures(handler(out), Map.of("m1", labels("shop", "yes"))));
        assertTrue(problems.getFirst().contains("delivered again"), problems.getFirst());
    }

    @Test
    void groupThatFails_leavesItsMessagesInTheQueue_andTheOthersAreStored() {
        LiveLog picky =
                new LiveLog() {
                    @Override
                    public long append(String pipeline, LiveBatch batch) {
                        if (batch.kind() == Kind.PREDICTIONS) {
                            throw new IllegalStateException("odd");
                        }
                        return log.append(pipeline, batch);
                    }

                    @Override
                    public List<Entry> after(String pipeline, long sequence, int most) {
                        return List.of();
                    }
                };
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("m1", predictions());
        bodies.put("m2", labels("shop", "yes"));

        assertEquals(List.of("m1"), failures(handler(picky), bodies));

        assertEquals(1, log.after("shop", 0, 10).size());
        assertTrue(problems.getFirst().contains("odd"), problems.getFirst());
    }

    /** As the queue delivers it. */
    @Test
    void shippedEvent_isStored() throws IOException {
        byte[] event = Files.readAllBytes(Path.of("..", "..", "events", "capture.json"));

        handler(log, "electricity").apply(new ByteArrayInputStream(event));

        assertEquals(1, log.after("electricity", 0, 10).size());
        assertEquals(List.of(), problems);
    }

    @Test
    void sameBatchAgain_addsNothing() {
        Map<String, String> bodies = Map.of("m1", labels("shop", "yes"));

        failures(handler(log), bodies);
        failures(handler(log), bodies);

        assertEquals(1, log.after("shop", 0, 10).size());
    }
}

package dev.perennial.capture;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.EventBytes;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.live.LiveBatch;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveLog;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Schema.Field;
import dev.perennial.core.table.Table;
import dev.perennial.parquet.ParquetWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Stores a batch of SQS messages: one Parquet file per kind, version and day, then an entry in the
 * live log. What can't be stored is reported by its message, so that the queue keeps it, delivers
 * it again, and in the end puts it aside in the dead-letter queue. A message that is delivered
 * twice is stored twice; whoever reads drops a prediction that was there already by its id.
 */
final class CaptureHandler implements Function<InputStream, byte[]> {
    private final ArtifactStore artifacts;
    private final LiveLog log;
    private final String pipeline;
    private final EmbeddedMetrics metrics;
    private final Consumer<String> problems;

    /**
     * @param problems a line of the function's log each
     */
    CaptureHandler(
            ArtifactStore artifacts,
            LiveLog log,
            String pipeline,
            EmbeddedMetrics metrics,
            Consumer<String> problems) {
        this.artifacts = artifacts;
        this.log = log;
        this.pipeline = pipeline;
        this.metrics = metrics;
        this.problems = problems;
    }

    /** What can lie in one file. */
    private record Group(
            LiveMessage.Kind kind, OptionalInt version, LocalDate day, List<Field> columns) {
        static Group of(LiveMessage message) {
            Table rows = message.rows();
            LocalDate day =
                    EventTime.instant(rows.time(LiveColumns.AT).micros()[0])
                            .atOffset(ZoneOffset.UTC)
                            .toLocalDate();
            return new Group(
                    message.kind(),
                    message.version(),
                    day,
                    rows.columns().stream()
                            .map(column -> new Field(column.name(), column.type()))
                            .toList());
        }
    }

    /** A message that could be read. */
    private record Received(String messageId, LiveMessage message) {}

    @Override
    public byte[] apply(InputStream event) {
        JsonNode records = Json.tree("the event", EventBytes.of(event)).path("Records");
        if (!records.isArray()) {
            throw new MalformedJsonException(
                    "the event",
                    "has no Records; expected SQS messages",
                    new IOException("Records"));
        }
        List<String> failed = new ArrayList<>();
        Map<Group, List<Received>> groups = new LinkedHashMap<>();
        for (JsonNode record : records) {
            String id = record.path("messageId").asString("");
            try {
                LiveMessage message = read(record);
                groups.computeIfAbsent(Group.of(message), _ -> new ArrayList<>())
                        .add(new Received(id, message));
            } catch (MalformedJsonException | IllegalArgumentException poison) {
                problems.accept(
                        "MESSAGE_NOT_READ id=%s: %s; it ends in the dead-letter queue"
                                .formatted(id, poison.getMessage()));
                failed.add(id);
            }
        }
        groups.forEach((group, messages) -> {
            try {
                store(group, messages);
            } catch (RuntimeException unavailable) { // of this group; the others are stored
                problems.accept(
                        "BATCH_NOT_STORED messages=%d: %s; they are delivered again"
                                .formatted(messages.size(), unavailable));
                messages.forEach(each -> failed.add(each.messageId()));
            }
        });
        count(moment(records), groups, failed);
        return Json.write(
                Map.of(
                        "batchItemFailures",
                        failed.stream().map(id -> Map.of("itemIdentifier", id)).toList()));
    }

    private LiveMessage read(JsonNode record) {
        byte[] body = record.path("body").asString("").getBytes(StandardCharsets.UTF_8);
        LiveMessage message = LiveMessage.fromJson(body);
        if (!message.pipeline().equals(pipeline)) {
            throw new IllegalArgumentException(
                    "it is of pipeline '%s', this stack runs '%s'"
                            .formatted(message.pipeline(), pipeline));
        }
        if (message.rows().rows() == 0) {
            throw new IllegalArgumentException("it has no row");
        }
        return message;
    }

    private void store(Group group, List<Received> messages) {
        Table rows = Table.concat(messages.stream().map(each -> each.message().rows()).toList());
        try {
            Path file = Files.createTempFile("capture", ".parquet");
            try {
                ParquetWriter.write(rows, file);
                ArtifactRef data =
                        artifacts.put(
                                Keys.live(
                                        pipeline,
                                        group.kind().folder(),
                                        group.day(),
                                        Digest.of(file)),
                                file,
                                "application/vnd.apache.parquet");
                log.append(
                        pipeline, new LiveBatch(group.kind(), group.version(), data, rows.rows()));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("writing a batch to temporary storage", failed);
        }
    }

    /** When the newest of the messages was sent. */
    private static Instant moment(JsonNode records) {
        Instant newest = Instant.EPOCH;
        for (JsonNode record : records) {
            Instant sent =
                    Instant.ofEpochMilli(record.path("attributes").path("SentTimestamp").asLong(0));
            newest = sent.isAfter(newest) ? sent : newest;
        }
        return newest;
    }

    private void count(Instant at, Map<Group, List<Received>> groups, List<String> failed) {
        Map<String, Double> values = new LinkedHashMap<>();
        groups.forEach((group, messages) ->
                values.merge(
                        group.kind() == LiveMessage.Kind.PREDICTIONS
                                ? "CapturedPredictions"
                                : "CapturedLabels",
                        messages.stream()
                                .filter(each -> !failed.contains(each.messageId()))
                                .mapToDouble(each -> each.message().rows().rows())
                                .sum(),
                        Double::sum));
        values.put("MessagesNotStored", (double) failed.size());
        metrics.put(at, Map.of("pipeline", pipeline), values);
    }
}

package dev.perennial.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.perennial.aws.SqsLiveQueue;
import dev.perennial.core.live.LiveColumns;
import dev.perennial.core.live.LiveMessage;
import dev.perennial.core.live.LiveMessage.Kind;
import dev.perennial.core.live.QueueUnavailableException;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.Table;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.queue.SqsServer;
import dev.perennial.local.template.QueueResource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqsLiveQueueTest {
    private static final QueueResource QUEUE =
            new QueueResource("Queue", Duration.ofMinutes(5), Duration.ZERO, Optional.empty());

    @TempDir Path folder;
    private SqsServer sqs;
    private SqsLiveQueue queue;

    @BeforeEach
    void start() {
        sqs =
                SqsServer.start(
                        folder,
                        new Incidents(folder.resolve("incidents.jsonl"), InstantSource.system()),
                        Credentials.random(),
                        List.of(QUEUE),
                        InstantSource.system());
        queue = new SqsLiveQueue(sqs.client(), QUEUE.url());
    }

    @AfterEach
    void stop() {
        sqs.close();
    }

    private static LiveMessage message(List<String> ids) {
        return new LiveMessage(
                "shop",
                Kind.LABELS,
                OptionalInt.empty(),
                new Table(List.of(CategoryColumn.of(LiveColumns.ID, ids))));
    }

    /** The ids in everything that waits. */
    private TreeSet<String> received() {
        TreeSet<String> ids = new TreeSet<>();
        for (int receive = 0; receive < 20; receive++) {
            sqs.client()
                    .receiveMessage(
                            request -> request.queueUrl(QUEUE.url()).maxNumberOfMessages(10))
                    .messages()
                    .forEach(each -> {
                        Table rows =
                                LiveMessage.fromJson(each.body().getBytes(StandardCharsets.UTF_8))
                                        .rows();
                        for (int row = 0; row < rows.rows(); row++) {
                            ids.add(rows.category(LiveColumns.ID).text(row));
                        }
                    });
        }
        return ids;
    }

    @Test
    void rowsThatFitNoOneMessage_comeInSeveral_andAllOnce() {
        List<String> ids = new ArrayList<>();
        for (int row = 0; row < 30; row++) {
            ids.add("%02d".formatted(row) + "x".repeat(40_000));
        }

        queue.send(message(ids));

        assertEquals(new TreeSet<>(ids), received());
    }

    @Test
    void rowThatFitsNoMessage_isNotTaken_andTheOthersAre() {
        String large = "large" + "x".repeat(300_000);
        List<String> ids = List.of("a", "b", large, "c");

        QueueUnavailableException refused =
                assertThrows(QueueUnavailableException.class, () -> queue.send(message(ids)));

        assertEquals(1, refused.notTaken().size());
        assertEquals(large, refused.notTaken().getFirst().rows().category(LiveColumns.ID).text(0));
        assertEquals(new TreeSet<>(List.of("a", "b", "c")), received());
    }
}

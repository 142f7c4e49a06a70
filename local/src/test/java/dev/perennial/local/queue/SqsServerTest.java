package dev.perennial.local.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.perennial.local.event.Incidents;
import dev.perennial.local.event.PendingJournal;
import dev.perennial.local.event.Queues;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.template.QueueResource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/** Queues outlive the process that holds them: a second server stands for the next process. */
final class SqsServerTest {
    private static final QueueResource DEAD =
            new QueueResource("Dead", Duration.ofSeconds(30), Duration.ZERO, Optional.empty());
    private static final QueueResource QUEUE =
            new QueueResource(
                    "Queue",
                    Duration.ZERO,
                    Duration.ZERO,
                    Optional.of(new QueueResource.Redrive(DEAD.arn(), 1)));

    @TempDir Path folder;

    private SqsServer start() {
        return SqsServer.start(
                folder,
                new Incidents(folder.resolve("incidents.jsonl"), InstantSource.system()),
                Credentials.random(),
                List.of(QUEUE, DEAD),
                InstantSource.system());
    }

    private static Map<String, Message> receive(SqsServer sqs, QueueResource queue) {
        Map<String, Message> byBody = new TreeMap<>();
        sqs.client()
                .receiveMessage(request ->
                        request.queueUrl(queue.url())
                                .maxNumberOfMessages(10)
                                .messageAttributeNames("All"))
                .messages()
                .forEach(message -> byBody.put(message.body(), message));
        return byBody;
    }

    @Test
    void messagesOutliveAServerThatIsKilled_andOneThatIsClosed() {
        SqsServer killed = start();
        killed.send(
                QUEUE.arn(),
                "ä kept",
                Map.of(
                        "pipeline", new Queues.Attribute("String", "electricity"),
                        "rows", new Queues.Attribute("Number", "7")));
        killed.send(QUEUE.arn(), "done", Map.of());
        Message done = receive(killed, QUEUE).get("done");
        killed.client()
                .deleteMessage(request ->
                        request.queueUrl(QUEUE.url()).receiptHandle(done.receiptHandle()));

        try (SqsServer closed = start()) {
            assertEquals(1, closed.messages(QUEUE.arn()));
        } finally {
            killed.close();
        }
        try (SqsServer last = start()) {
            Map<String, Message> messages = receive(last, QUEUE);
            assertEquals(List.of("ä kept"), List.copyOf(messages.keySet()));
            Message kept = messages.get("ä kept");
            assertEquals("electricity", kept.messageAttributes().get("pipeline").stringValue());
            assertEquals("String", kept.messageAttributes().get("pipeline").dataType());
            assertEquals("7", kept.messageAttributes().get("rows").stringValue());
            assertEquals("Number", kept.messageAttributes().get("rows").dataType());
        }
    }

    @Test
    void messageMovedToTheDeadLetterQueue_isKeptThereAlone() {
        try (SqsServer first = start()) {
            first.send(QUEUE.arn(), "poison", Map.of());
            assertEquals(1, receive(first, QUEUE).size());
            assertEquals(0, receive(first, QUEUE).size());
            assertEquals(1, first.messages(DEAD.arn()));
        }
        try (SqsServer next = start()) {
            assertEquals(0, next.messages(QUEUE.arn()));
            assertEquals(1, next.messages(DEAD.arn()));
            assertEquals(1, PendingJournal.count(PendingJournal.file(folder, DEAD.name())));
        }
    }
}

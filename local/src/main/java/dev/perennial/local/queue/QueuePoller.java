package dev.perennial.local.queue;

import dev.perennial.local.event.Functions;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.lambda.Invocation;
import dev.perennial.local.template.QueueResource;
import dev.perennial.local.template.QueueSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What Lambda does between a queue and a function: receives messages, gives them to the function in
 * batches, deletes those that it is done with. The others stay hidden until the queue's visibility
 * time-out has passed. Used by one thread at a time.
 */
public final class QueuePoller {
    /** SQS's limit for one receive and one delete. */
    private static final int AT_ONCE = 10;

    /** Lambda's limit for an event, in bytes, less what encloses the messages. */
    private static final int LARGEST_EVENT = 6_291_456 - 16_384;

    /** What a message's event has beside its body, at most: attributes of a message count there. */
    private static final int RECORD_OVERHEAD = 2_048;

    private final QueueSource source;
    private final QueueResource queue;
    private final SqsServer sqs;
    private final Functions functions;
    private final Incidents incidents;
    private final InstantSource clock;
    private final TreeSet<Instant> visibleAgain = new TreeSet<>();

    /** Messages that had ever come when the queue was last emptied. */
    private long emptiedAt;

    public QueuePoller(
            QueueSource source,
            SqsServer sqs,
            Functions functions,
            Incidents incidents,
            InstantSource clock) {
        this.source = source;
        this.queue = sqs.queue(source.queue());
        this.sqs = sqs;
        this.functions = functions;
        this.incidents = incidents;
        this.clock = clock;
    }

    /** When failed messages can be received again. */
    public synchronized Optional<Instant> due() {
        return visibleAgain.isEmpty() ? Optional.empty() : Optional.of(visibleAgain.first());
    }

    /**
     * Works until the queue has nothing visible. Doesn't wait for a batch to fill, and takes
     * messages in the order of their bodies: SQS promises none, and so each replay does the same.
     *
     * @return whether there was anything
     */
    public boolean drain() throws InterruptedException {
        List<Message> messages = visible();
        if (messages.isEmpty()) {
            return false;
        }
        while (!messages.isEmpty()) {
            for (int from = 0; from < messages.size(); from += source.batchSize()) {
                deliver(
                        messages.subList(
                                from, Math.min(messages.size(), from + source.batchSize())));
            }
            messages = visible();
        }
        return true;
    }

    /**
     * The server gives all it has, so a receive that isn't full was the last, and there is nothing
     * to ask for until a message comes or one can be received again.
     */
    private List<Message> visible() {
        List<Message> messages = new ArrayList<>();
        long came = sqs.arrivals(source.queue());
        if (came == emptiedAt && due().filter(again -> !again.isAfter(clock.instant())).isEmpty()) {
            return messages;
        }
        gather(messages, Integer.MAX_VALUE);
        emptiedAt = came;
        messages.sort(Comparator.comparing(Message::body));
        return messages;
    }

    /**
     * Waits for messages, gathers a batch within the batching window, and gives it to the function.
     * Within the window it looks now and then: a receive that waits answers as soon as there is one
     * message, so a busy queue would be asked for each of its messages.
     *
     * @param patience how long to wait for a first message and between looks, in real time, whole
     *     seconds
     */
    public void poll(Duration patience) throws InterruptedException {
        List<Message> messages = new ArrayList<>(receive(patience, source.batchSize()));
        if (messages.isEmpty()) {
            return;
        }
        long until = System.nanoTime() + source.window().toNanos();
        gather(messages, source.batchSize());
        for (long left = until - System.nanoTime();
                left > 0 && messages.size() < source.batchSize();
                left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, patience.toNanos()));
            gather(messages, source.batchSize());
        }
        deliver(messages);
    }

    /** Adds what is there, up to a number of messages. */
    private void gather(List<Message> messages, int most) {
        List<Message> more;
        do {
            int room = most - messages.size();
            more = room == 0 ? List.of() : receive(Duration.ZERO, room);
            messages.addAll(more);
        } while (more.size() == AT_ONCE);
    }

    private synchronized List<Message> receive(Duration wait, int most) {
        Instant now = clock.instant();
        visibleAgain.headSet(now, true).clear();
        return sqs.client()
                .receiveMessage(request ->
                        request.queueUrl(queue.url())
                                .maxNumberOfMessages(Math.min(AT_ONCE, most))
                                .waitTimeSeconds((int) wait.toSeconds())
                                .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                                .messageAttributeNames("All"))
                .messages();
    }

    /** In more than one event where one would be larger than Lambda takes. */
    private void deliver(List<Message> messages) throws InterruptedException {
        List<Message> batch = new ArrayList<>();
        long bytes = 0;
        for (Message message : messages) {
            long size = size(message);
            if (!batch.isEmpty() && bytes + size > LARGEST_EVENT) {
                invoke(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(message);
            bytes += size;
        }
        invoke(batch);
    }

    private long size(Message message) {
        return SqsEvent.of(sqs, "", List.of(message)).length + (long) RECORD_OVERHEAD;
    }

    private void invoke(List<Message> batch) throws InterruptedException {
        Set<String> ids =
                batch.stream()
                        .map(Message::messageId)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        Invocation invocation =
                functions.invoke(source.function(), SqsEvent.of(sqs, source.queue(), batch));
        BatchAnswer answer =
                switch (invocation) {
                    case Invocation.Returned returned when source.reportsFailures() ->
                            BatchAnswer.read(returned.payload(), ids);
                    case Invocation.Returned _ -> new BatchAnswer(Set.of(), "");
                    case Invocation.FunctionError error ->
                            new BatchAnswer(
                                    ids,
                                    "%s: %s".formatted(error.errorType(), error.errorMessage()));
                };
        if (!answer.problem().isEmpty()) {
            incidents.failed(
                    "batch of %d messages for %s".formatted(batch.size(), source.function()),
                    answer.problem());
        }
        delete(
                batch.stream()
                        .filter(message -> !answer.failed().contains(message.messageId()))
                        .toList());
        if (!answer.failed().isEmpty()) {
            synchronized (this) {
                visibleAgain.add(clock.instant().plus(queue.visibilityTimeout()));
            }
        }
    }

    private void delete(List<Message> done) {
        for (int from = 0; from < done.size(); from += AT_ONCE) {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            for (Message message : done.subList(from, Math.min(done.size(), from + AT_ONCE))) {
                entries.add(
                        DeleteMessageBatchRequestEntry.builder()
                                .id("m" + entries.size())
                                .receiptHandle(message.receiptHandle())
                                .build());
            }
            DeleteMessageBatchResponse response =
                    sqs.client()
                            .deleteMessageBatch(
                                    request -> request.queueUrl(queue.url()).entries(entries));
            response.failed()
                    .forEach(failed ->
                            incidents.failed(
                                    "deleting a message of " + queue.name(), failed.message()));
        }
    }
}

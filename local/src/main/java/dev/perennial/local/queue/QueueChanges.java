package dev.perennial.local.queue;

import dev.perennial.local.event.Incidents;
import dev.perennial.local.event.PendingJournal;
import dev.perennial.local.event.Queues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Status;
import org.elasticmq.MessageAttribute;
import org.elasticmq.NumberMessageAttribute;
import org.elasticmq.StringMessageAttribute;
import org.elasticmq.actor.queue.InternalMessage;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.actor.queue.QueueEventWithOperationStatus;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What ElasticMQ tells of its queues before it answers whoever changed them. Counts the messages
 * that come into each, so that nobody has to ask an empty one; and keeps each message in its
 * queue's journal for as long as it is there, so that it outlives this process.
 */
final class QueueChanges {
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);

    private final Path folder;
    private final Incidents incidents;
    private final Map<String, Long> arrivals = new ConcurrentHashMap<>();
    private final Map<String, PendingJournal<Kept>> journals = new ConcurrentHashMap<>();

    /** A message as it is kept. */
    record Kept(String body, Map<String, Queues.Attribute> attributes) {}

    /**
     * Listens.
     *
     * @param folder gets a file for each queue
     * @param incidents hears of what can't be read in them
     */
    QueueChanges(Path folder, Incidents incidents) {
        this.folder = folder;
        this.incidents = incidents;
    }

    /** Messages that ever came into a queue. */
    long arrivals(String queueName) {
        return arrivals.getOrDefault(queueName, 0L);
    }

    /** The messages that are in a queue, or were when a process ended. */
    PendingJournal<Kept> journal(String queueName) {
        return journals.computeIfAbsent(
                queueName,
                name ->
                        new PendingJournal<>(
                                PendingJournal.file(folder, name), Kept.class, incidents));
    }

    /** The message is in the queue already: it is delivered even if it can't be kept. */
    private void added(String queueName, InternalMessage message) {
        arrivals.merge(queueName, 1L, Long::sum);
        journal(queueName).keep(message.id(), new Kept(message.content(), attributes(message)));
    }

    /** Waits until what a listener has been told by now is done. */
    void settle(ActorRef listener) {
        CountDownLatch done = new CountDownLatch(1);
        listener.tell(done, ActorRef.noSender());
        try {
            var _ = done.await(SETTLE_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Queues.Attribute> attributes(InternalMessage message) {
        Map<String, Queues.Attribute> attributes = new TreeMap<>();
        CollectionConverters.asJava(message.messageAttributes())
                .forEach((name, value) -> attributes.put(name, attribute(name, value)));
        return attributes;
    }

    private static Queues.Attribute attribute(String name, MessageAttribute value) {
        return new Queues.Attribute(
                value.getDataType(),
                switch (value) {
                    case StringMessageAttribute text -> text.stringValue();
                    case NumberMessageAttribute number -> number.stringValue();
                    default ->
                            throw new IllegalArgumentException(
                                    "attribute %s of a message is binary, which the local SQS doesn't take"
                                            .formatted(name));
                });
    }

    /** After the listener was told to stop. */
    void close() {
        journals.values().forEach(PendingJournal::close);
    }

    Listener listen() {
        return new Listener(this);
    }

    /** What ElasticMQ takes for the place where queues are kept, and waits for. */
    static final class Listener extends AbstractActor {
        private final QueueChanges changes;

        private Listener(QueueChanges changes) {
            this.changes = changes;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(
                            QueueEvent.MessageAdded.class,
                            added ->
                                    answer(() -> changes.added(added.queueName(), added.message())))
                    .match(
                            QueueEvent.MessageRemoved.class,
                            removed ->
                                    answer(() ->
                                            changes.journal(removed.queueName())
                                                    .remove(removed.messageId())))
                    .match(CountDownLatch.class, CountDownLatch::countDown)
                    .match(QueueEventWithOperationStatus.class, _ -> answer(() -> {}))
                    .build();
        }

        private void answer(Runnable change) {
            Object answer = OperationSuccessful$.MODULE$;
            try {
                change.run();
            } catch (RuntimeException failed) { // a full disk, say: its sender is never answered
                answer = new Status.Failure(failed);
            }
            getSender().tell(answer, getSelf());
        }
    }
}

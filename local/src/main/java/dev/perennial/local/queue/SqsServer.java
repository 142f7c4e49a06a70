package dev.perennial.local.queue;

import com.typesafe.config.ConfigFactory;
import dev.perennial.core.json.Json;
import dev.perennial.local.aws.Clients;
import dev.perennial.local.event.Incidents;
import dev.perennial.local.event.PendingJournal;
import dev.perennial.local.event.Queues;
import dev.perennial.local.permission.Credentials;
import dev.perennial.local.template.QueueResource;
import dev.perennial.local.template.TemplateReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.elasticmq.Limits;
import org.elasticmq.NodeAddress;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import scala.Option;
import scala.concurrent.Await;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * SQS on loopback (ElasticMQ) with the template's queues. Messages outlive this process, as they
 * were sent: after a restart each is new, visible, and never received. Visibility time-outs go by
 * the clock that is given, so they hold in simulated time too; a receive that waits does so in real
 * time, and a message's own delay is not observed in simulated time.
 */
public final class SqsServer implements Queues, AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final QueueTime time;
    private final QueueChanges changes;
    private final ActorSystem system;
    private final ActorRef listener;
    private final URI endpoint;
    private final SqsClient client;
    private final Map<String, QueueResource> queues = new LinkedHashMap<>();

    private SqsServer(
            Path folder, Incidents incidents, Credentials credentials, InstantSource clock) {
        time = new QueueTime(clock);
        changes = new QueueChanges(folder, incidents);
        system =
                ActorSystem.create(
                        "sqs",
                        ConfigFactory.parseString(
                                        """
                                        pekko.loglevel = WARNING
                                        pekko.daemonic = on
                                        pekko.jvm-exit-on-fatal-error = off
                                        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                                        pekko.coordinated-shutdown.run-by-actor-system-terminate = off
                                        """)
                                .withFallback(ConfigFactory.load()));
        Limits limits = StrictSQSLimits$.MODULE$;
        listener = system.actorOf(Props.create(QueueChanges.Listener.class, changes::listen));
        ActorRef manager =
                system.actorOf(
                        Props.create(
                                QueueManagerActor.class,
                                () -> new QueueManagerActor(time, limits, Option.apply(listener))));
        SQSRestServer server =
                SQSRestServerBuilder.withActorSystem(system)
                        .withQueueManagerActor(manager)
                        .withInterface("127.0.0.1")
                        .withPort(0)
                        .withServerAddress(new NodeAddress("http", "127.0.0.1", 0, ""))
                        .withAWSRegion(TemplateReader.REGION)
                        .withAWSAccountId(TemplateReader.ACCOUNT)
                        .withSQSLimits(limits)
                        .start();
        endpoint =
                URI.create(
                        "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
        client = Clients.sqs(endpoint, credentials);
    }

    /**
     * Starts with these queues and what waited in them. Takes seconds.
     *
     * @param folder where messages are kept
     * @param incidents hears of those that can't be read any more
     */
    public static SqsServer start(
            Path folder,
            Incidents incidents,
            Credentials credentials,
            List<QueueResource> queues,
            InstantSource clock) {
        SqsServer started = new SqsServer(folder, incidents, credentials, clock);
        queues.forEach(started::create);
        queues.forEach(started::redrive);
        queues.forEach(started::restore);
        return started;
    }

    private void create(QueueResource queue) {
        queues.put(queue.arn(), queue);
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        attributes.put(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                Long.toString(queue.visibilityTimeout().toSeconds()));
        attributes.put(
                QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS,
                Long.toString(queue.receiveWait().toSeconds()));
        client.createQueue(request -> request.queueName(queue.name()).attributes(attributes));
    }

    /** After all queues were made: a queue may be declared before its dead-letter queue. */
    private void redrive(QueueResource queue) {
        queue.redrive()
                .ifPresent(policy ->
                        client.setQueueAttributes(request ->
                                request.queueUrl(queue.url())
                                        .attributes(
                                                Map.of(
                                                        QueueAttributeName.REDRIVE_POLICY,
                                                        text(policy)))));
    }

    private static String text(QueueResource.Redrive policy) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("deadLetterTargetArn", policy.deadLetterQueueArn());
        members.put("maxReceiveCount", policy.maxReceiveCount());
        return new String(Json.write(members), StandardCharsets.UTF_8);
    }

    /** A process killed in the middle of this leaves a message twice, never not at all. */
    private void restore(QueueResource queue) {
        PendingJournal<QueueChanges.Kept> journal = changes.journal(queue.name());
        journal.all()
                .forEach((name, kept) -> {
                    send(queue.arn(), kept.body(), kept.attributes());
                    journal.remove(name);
                });
    }

    /** What an SDK's endpoint override should be. */
    public URI endpoint() {
        return endpoint;
    }

    /** AWS's own client, pointed here. */
    public SqsClient client() {
        return client;
    }

    /** A received message's attributes, with their times by the clock. */
    Map<String, String> attributes(Message message) {
        return time.attributes(message.attributesAsStrings());
    }

    /** The template's queues. */
    public Collection<QueueResource> queues() {
        return queues.values();
    }

    /** A queue of the template. */
    public QueueResource queue(String arn) {
        QueueResource queue = queues.get(arn);
        if (queue == null) {
            throw new IllegalArgumentException("the template has no queue " + arn);
        }
        return queue;
    }

    /** How many messages have come into a queue; one is counted before its sender is answered. */
    long arrivals(String arn) {
        return changes.arrivals(queue(arn).name());
    }

    /** Messages in a queue, also those that are hidden just now. */
    public long messages(String arn) {
        return client
                .getQueueAttributes(request ->
                        request.queueUrl(queue(arn).url())
                                .attributeNames(
                                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                        QueueAttributeName
                                                .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    @Override
    public void send(String arn, String body, Map<String, Attribute> attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, attribute) ->
                values.put(
                        name,
                        MessageAttributeValue.builder()
                                .dataType(attribute.type())
                                .stringValue(attribute.value())
                                .build()));
        client.sendMessage(request ->
                request.queueUrl(queue(arn).url()).messageBody(body).messageAttributes(values));
    }

    @Override
    public void close() {
        client.close();
        changes.settle(listener);
        // Without the server's own farewell: it waits a minute for a receive that was interrupted.
        try {
            Await.ready(
                    system.terminate(),
                    scala.concurrent.duration.Duration.create(
                            STOP_LIMIT.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.TimeoutException late) {
            throw new IllegalStateException("the local SQS doesn't stop", late);
        }
        changes.close();
    }
}

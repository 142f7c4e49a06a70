package dev.perennial.local.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.AbstractActor;
import org.elasticmq.actor.queue.OperationSuccessful$;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.actor.queue.QueueEventWithOperationStatus;

/**
 * Counts the messages that come into each queue, so that nobody has to ask an empty one. ElasticMQ
 * tells a listener of each change and answers the sender afterwards.
 */
final class Arrivals {
    private final Map<String, Long> counts = new ConcurrentHashMap<>();

    /** Messages that ever came into a queue. */
    long of(String queueName) {
        return counts.getOrDefault(queueName, 0L);
    }

    Listener listen() {
        return new Listener(counts);
    }

    /** What ElasticMQ takes for the place where queues are kept, and waits for. */
    static final class Listener extends AbstractActor {
        private final Map<String, Long> counts;

        private Listener(Map<String, Long> counts) {
            this.counts = counts;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(
                            QueueEvent.MessageAdded.class,
                            added -> {
                                counts.merge(added.queueName(), 1L, Long::sum);
                                done();
                            })
                    .match(QueueEventWithOperationStatus.class, _ -> done())
                    .build();
        }

        private void done() {
            getSender().tell(OperationSuccessful$.MODULE$, getSelf());
        }
    }
}

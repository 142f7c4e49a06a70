package dev.perennial.local.template;

import java.time.Duration;
import java.util.Optional;

/**
 * A standard SQS queue.
 *
 * @param visibilityTimeout how long a received message is hidden
 * @param receiveWait how long a receive waits for a message unless it says otherwise
 */
public record QueueResource(
        String logicalId,
        Duration visibilityTimeout,
        Duration receiveWait,
        Optional<Redrive> redrive) {
    /**
     * Where messages go that were received too often.
     *
     * @param maxReceiveCount receives after which the next one moves the message
     */
    public record Redrive(String deadLetterQueueArn, int maxReceiveCount) {}

    public String name() {
        return Names.of(ResourceType.QUEUE, logicalId);
    }

    public String arn() {
        return Names.arn(ResourceType.QUEUE, logicalId);
    }

    /**
     * What Ref gives. Clients send to their endpoint and SQS takes the name from the end, so it
     * holds whichever port the server gets.
     */
    public String url() {
        return Names.queueUrl(logicalId);
    }
}

package dev.perennial.local.template;

import java.time.Duration;

/**
 * A queue whose messages a function is given in batches.
 *
 * @param function ARN
 * @param queue ARN
 * @param batchSize most messages of one event
 * @param window how long to gather a batch
 * @param reportsFailures whether the function's answer says which messages failed
 */
public record QueueSource(
        String function, String queue, int batchSize, Duration window, boolean reportsFailures) {}

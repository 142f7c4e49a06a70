package dev.perennial.local.template;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of events that a function is given asynchronously and fails on.
 *
 * @param function ARN
 * @param retries after the first attempt
 * @param maximumAge of an event; older ones are given up
 * @param onFailure ARN of the queue that gets a record of the failed invocation
 * @param deadLetterQueue ARN of the queue that gets the event itself
 */
public record AsynchronousPolicy(
        String function,
        int retries,
        Duration maximumAge,
        Optional<String> onFailure,
        Optional<String> deadLetterQueue) {
    /** Lambda's own. */
    static final int RETRIES = 2;

    static final Duration MAXIMUM_AGE = Duration.ofHours(6);

    /** What holds where the template says nothing. */
    public static AsynchronousPolicy standard(String function) {
        return new AsynchronousPolicy(
                function, RETRIES, MAXIMUM_AGE, Optional.empty(), Optional.empty());
    }
}

package dev.perennial.local.states;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One entry of a Retry: which errors, how often, how long to wait.
 *
 * @param maxAttempts retries after the first attempt; 0 means never
 * @param backoffRate what each delay is multiplied with to give the next, at least 1
 * @param fullJitter whether a delay is drawn uniformly between 0 and its computed value
 */
record Retrier(
        List<String> errors,
        Duration interval,
        int maxAttempts,
        double backoffRate,
        Optional<Duration> maxDelay,
        boolean fullJitter) {

    private static final double LONGEST_SECONDS =
            31_622_400; // AWS: MaxDelaySeconds is below a year

    /**
     * @param retry 1 for the first retry
     */
    Duration delay(int retry, RandomGenerator random) {
        double longest = maxDelay.map(d -> (double) d.toSeconds()).orElse(LONGEST_SECONDS);
        double seconds =
                Math.min(longest, interval.toSeconds() * Math.pow(backoffRate, retry - 1.0));
        double drawn = fullJitter ? random.nextDouble() * seconds : seconds;
        return Duration.ofMillis(Math.round(drawn * 1000));
    }
}

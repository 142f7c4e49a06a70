package dev.perennial.local.states;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads ErrorEquals and the entries of a Retry. */
final class RetrierParser {
    private static final int MOST_ATTEMPTS = 99_999_999;
    private static final int LONGEST_DELAY = 31_622_400;

    private RetrierParser() {}

    static Retrier parse(FieldReader entry, boolean last) {
        entry.text("Comment");
        List<String> errors = errors(entry, last);
        int interval = entry.whole("IntervalSeconds", 1, MOST_ATTEMPTS, 1);
        int maxDelay = entry.whole("MaxDelaySeconds", 1, LONGEST_DELAY, 0);
        if (maxDelay != 0 && maxDelay <= interval) {
            entry.problem("MaxDelaySeconds", "should be greater than IntervalSeconds");
        }
        String jitter = entry.text("JitterStrategy").orElse("NONE");
        if (!jitter.equals("NONE") && !jitter.equals("FULL")) {
            entry.problem("JitterStrategy", "should be FULL or NONE but is " + jitter);
        }
        Retrier retrier =
                new Retrier(
                        errors,
                        Duration.ofSeconds(interval),
                        entry.whole("MaxAttempts", 0, MOST_ATTEMPTS, 3),
                        entry.number("BackoffRate", 1, 2),
                        maxDelay == 0
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(maxDelay)),
                        jitter.equals("FULL"));
        entry.refuseOthers();
        return retrier;
    }

    static List<String> errors(FieldReader entry, boolean last) {
        List<String> errors = entry.texts("ErrorEquals");
        if (errors.isEmpty()) {
            entry.problem("ErrorEquals", "should name at least one error");
        }
        if (errors.contains(StateFailure.ALL) && (errors.size() > 1 || !last)) {
            entry.problem("ErrorEquals", "may hold States.ALL only alone and in the last entry");
        }
        return errors;
    }
}

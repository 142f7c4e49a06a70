package dev.perennial.local.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a schedule is due, again and again. */
public sealed interface Recurrence permits Cron, Rate {
    /**
     * The first time that is due after a moment.
     *
     * @param created when the schedule came to be; a rate counts from there
     * @return nothing if it never is again
     */
    Optional<Instant> next(Instant created, Instant after);

    /** Whether it is due at once when it comes to be: a rate is, a cron expression isn't. */
    boolean beginsAtOnce();

    /**
     * Reads {@code cron(minutes hours day-of-month month day-of-week year)} or {@code rate(value
     * unit)}.
     *
     * @param zone of cron's fields; a rate has none
     * @throws IllegalArgumentException if it is neither, or says what EventBridge Scheduler refuses
     */
    static Recurrence parse(String expression, ZoneId zone) {
        if (expression.startsWith("cron(") && expression.endsWith(")")) {
            return Cron.parse(expression.substring(5, expression.length() - 1), zone);
        }
        if (expression.startsWith("rate(") && expression.endsWith(")")) {
            return Rate.parse(expression.substring(5, expression.length() - 1));
        }
        throw new IllegalArgumentException(
                "the schedule '%s' should be cron(...) or rate(...)".formatted(expression));
    }
}

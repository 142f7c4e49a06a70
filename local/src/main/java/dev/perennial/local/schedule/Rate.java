package dev.perennial.local.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every so often, from the moment when the schedule came to be. */
record Rate(Duration every) implements Recurrence {
    private static final Pattern SYNTAX =
            Pattern.compile("([1-9][0-9]{0,5}) (minute|hour|day)(s?)");

    static Rate parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "rate(%s) should be a number from 1 and one of minute, minutes, hour, hours, day, days"
                            .formatted(text));
        }
        long value = Long.parseLong(matcher.group(1));
        return new Rate(
                switch (matcher.group(2)) {
                    case "minute" -> Duration.ofMinutes(value);
                    case "hour" -> Duration.ofHours(value);
                    default -> Duration.ofDays(value);
                });
    }

    @Override
    public Optional<Instant> next(Instant created, Instant after) {
        if (after.isBefore(created)) {
            return Optional.of(created);
        }
        long passed = Duration.between(created, after).dividedBy(every);
        return Optional.of(created.plus(every.multipliedBy(passed + 1)));
    }

    @Override
    public boolean beginsAtOnce() {
        return true;
    }
}

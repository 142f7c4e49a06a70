package dev.perennial.local.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * AWS's cron expressions: six fields, of which day-of-month or day-of-week is {@code ?}.
 *
 * <p>The fields are matched on the zone's wall clock. A time that daylight saving leaves out is
 * skipped, and one that it repeats is due once, at its first. Source: EventBridge Scheduler's user
 * guide, "Daylight savings time in EventBridge Scheduler".
 */
record Cron(ExecutionTime times, ZoneId zone) implements Recurrence {
    /** 1 is Sunday: the library's first day of the week. */
    private static final CronDefinition AWS =
            CronDefinitionBuilder.defineCron()
                    .withMinutes()
                    .withValidRange(0, 59)
                    .and()
                    .withHours()
                    .withValidRange(0, 23)
                    .and()
                    .withDayOfMonth()
                    .withValidRange(1, 31)
                    .supportsL()
                    .supportsW()
                    .supportsLW()
                    .supportsQuestionMark()
                    .and()
                    .withMonth()
                    .withValidRange(1, 12)
                    .and()
                    .withDayOfWeek()
                    .withValidRange(1, 7)
                    .withMondayDoWValue(2)
                    .supportsHash()
                    .supportsL()
                    .supportsQuestionMark()
                    .and()
                    .withYear()
                    .withValidRange(1970, 2199)
                    .and()
                    .instance();

    private static final int FIELDS = 6;
    private static final Pattern ALLOWED = Pattern.compile("[0-9A-Z,*?/#-]+");

    private static final Pattern NTH_WEEKDAY = Pattern.compile("[0-9A-Z]+#[1-5]");

    static Cron parse(String fields, ZoneId zone) {
        List<String> each = List.of(fields.strip().split("\\s+"));
        if (each.size() != FIELDS) {
            throw refused(
                    fields,
                    "it should have six fields (minutes hours day-of-month month day-of-week year) but has "
                            + each.size());
        }
        for (String field : each) {
            if (!ALLOWED.matcher(field).matches()) {
                throw refused(fields, "the field '%s' has a character too many".formatted(field));
            }
        }
        if (each.get(2).equals("?") == each.get(4).equals("?")) {
            throw refused(fields, "exactly one of day-of-month and day-of-week should be ?");
        }
        if (each.get(4).contains("#") && !NTH_WEEKDAY.matcher(each.get(4)).matches()) {
            throw refused(fields, "a weekday's number in its month should be from #1 to #5");
        }
        if (each.get(4).equals("L")) {
            // The library takes it for any last weekday; AWS's last day of a week is a Saturday.
            each = List.of(each.get(0), each.get(1), each.get(2), each.get(3), "7", each.get(5));
        }
        try {
            return new Cron(
                    ExecutionTime.forCron(new CronParser(AWS).parse(String.join(" ", each))), zone);
        } catch (IllegalArgumentException wrong) {
            throw refused(fields, String.valueOf(wrong.getMessage()));
        }
    }

    private static IllegalArgumentException refused(String fields, String why) {
        return new IllegalArgumentException(
                "cron(%s) is not a schedule of AWS: %s".formatted(fields, why));
    }

    @Override
    public Optional<Instant> next(Instant created, Instant after) {
        ZonedDateTime wall = LocalDateTime.ofInstant(after, zone).atZone(ZoneOffset.UTC);
        for (Optional<ZonedDateTime> found = times.nextExecution(wall);
                found.isPresent();
                found = times.nextExecution(found.get())) {
            LocalDateTime local = found.get().toLocalDateTime();
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            if (!offsets.isEmpty() && local.toInstant(offsets.getFirst()).isAfter(after)) {
                return Optional.of(local.toInstant(offsets.getFirst()));
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean beginsAtOnce() {
        return false;
    }
}

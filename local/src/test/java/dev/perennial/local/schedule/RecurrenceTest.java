package dev.perennial.local.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceTest {
    private static final Instant CREATED = Instant.parse("2024-01-01T00:00:00Z");

    private static Optional<Instant> next(String expression, String zone, String after) {
        return Recurrence.parse(expression, ZoneId.of(zone)).next(CREATED, Instant.parse(after));
    }

    private static List<String> some(String expression, String zone, String after, int count) {
        Recurrence recurrence = Recurrence.parse(expression, ZoneId.of(zone));
        List<String> times = new ArrayList<>();
        Instant last = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            last = recurrence.next(CREATED, last).orElseThrow();
            times.add(last.toString());
        }
        return times;
    }

    /** By a calendar: 2024-01-01 is a Monday, 2024 a leap year. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cron(0 2 ? * SUN *)          | 2024-01-01T00:00:00Z | 2024-01-07T02:00:00Z
                    cron(0 2 ? * SUN *)          | 2024-01-07T02:00:00Z | 2024-01-14T02:00:00Z
                    cron(0 2 ? * 1 *)            | 2024-01-01T00:00:00Z | 2024-01-07T02:00:00Z
                    cron(0 2 ? * 7 *)            | 2024-01-01T00:00:00Z | 2024-01-06T02:00:00Z
                    cron(0 2 ? * MON *)          | 2024-01-01T02:00:00Z | 2024-01-08T02:00:00Z
                    cron(0/15 * * * ? *)         | 2024-01-01T00:07:30Z | 2024-01-01T00:15:00Z
                    cron(*/20 * * * ? *)         | 2024-01-01T00:40:00Z | 2024-01-01T01:00:00Z
                    cron(5 8-10 * * ? *)         | 2024-01-01T10:05:00Z | 2024-01-02T08:05:00Z
                    cron(0 12 ? * MON-FRI *)     | 2024-01-05T12:00:00Z | 2024-01-08T12:00:00Z
                    cron(0 12 ? * 2-6 *)         | 2024-01-05T12:00:00Z | 2024-01-08T12:00:00Z
                    cron(0 12 ? * SUN,WED *)     | 2024-01-03T12:00:00Z | 2024-01-07T12:00:00Z
                    cron(0 0 L * ? *)            | 2024-02-01T00:00:00Z | 2024-02-29T00:00:00Z
                    cron(0 0 L * ? *)            | 2024-02-29T00:00:00Z | 2024-03-31T00:00:00Z
                    cron(0 0 15W * ? *)          | 2024-06-01T00:00:00Z | 2024-06-14T00:00:00Z
                    cron(0 0 15W * ? *)          | 2024-09-01T00:00:00Z | 2024-09-16T00:00:00Z
                    cron(0 0 1W * ? *)           | 2024-05-31T12:00:00Z | 2024-06-03T00:00:00Z
                    cron(0 9 ? * 3#2 *)          | 2024-01-01T00:00:00Z | 2024-01-09T09:00:00Z
                    cron(0 9 ? * 1#1 *)          | 2024-01-08T00:00:00Z | 2024-02-04T09:00:00Z
                    cron(0 9 ? * 6L *)           | 2024-01-01T00:00:00Z | 2024-01-26T09:00:00Z
                    cron(0 9 ? * L *)            | 2024-01-01T00:00:00Z | 2024-01-06T09:00:00Z
                    cron(0 0 29 FEB ? *)         | 2024-03-01T00:00:00Z | 2028-02-29T00:00:00Z
                    cron(0 0 1 JAN,JUL ? *)      | 2024-01-01T00:00:00Z | 2024-07-01T00:00:00Z
                    cron(0 0 1 1 ? 2025-2026)    | 2024-01-01T00:00:00Z | 2025-01-01T00:00:00Z
                    cron(0 0 31 * ? *)           | 2024-03-31T00:00:00Z | 2024-05-31T00:00:00Z
                    """)
    void cron_isDue_whenACalendarSays(String expression, String after, String expected) {
        assertEquals(expected, next(expression, "UTC", after).orElseThrow().toString());
    }

    @Test
    void cronOfAPastYear_isNeverDue() {
        assertEquals(Optional.empty(), next("cron(0 0 1 1 ? 2023)", "UTC", "2024-01-01T00:00:00Z"));
    }

    /** Berlin leaves out 2024-03-31 02:00 to 03:00. */
    @Test
    void timeThatDaylightSavingLeavesOut_isSkipped() {
        assertEquals(
                List.of("2024-03-30T01:30:00Z", "2024-04-01T00:30:00Z"),
                some("cron(30 2 * * ? *)", "Europe/Berlin", "2024-03-29T12:00:00Z", 2));
    }

    /** Berlin repeats 2024-10-27 02:00 to 03:00. */
    @Test
    void timeThatDaylightSavingRepeats_isDueOnce() {
        assertEquals(
                List.of("2024-10-26T00:30:00Z", "2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z"),
                some("cron(30 2 * * ? *)", "Europe/Berlin", "2024-10-25T12:00:00Z", 3));
    }

    @Test
    void nextWithinTheRepeatedHour_isAfterIt() {
        assertEquals(
                "2024-10-27T02:00:00Z",
                next("cron(0/30 * * * ? *)", "Europe/Berlin", "2024-10-27T01:15:00Z")
                        .orElseThrow()
                        .toString());
    }

    @Test
    void zone_movesTheWallClock() {
        assertEquals(
                List.of("2024-01-07T07:00:00Z", "2024-01-14T07:00:00Z"),
                some("cron(0 2 ? * SUN *)", "America/New_York", "2024-01-01T00:00:00Z", 2));
    }

    @Test
    void rate_countsFromItsCreation_andBeginsAtOnce() {
        assertEquals(
                List.of("2024-01-01T00:00:00Z", "2024-01-01T00:05:00Z", "2024-01-01T00:10:00Z"),
                some("rate(5 minutes)", "UTC", "2023-12-31T23:59:59Z", 3));
        assertEquals(
                "2024-01-02T00:00:00Z",
                next("rate(1 day)", "UTC", "2024-01-01T00:00:00Z").orElseThrow().toString());
        assertTrue(Recurrence.parse("rate(2 hours)", ZoneId.of("UTC")).beginsAtOnce());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at(2024-01-01T00:00:00)",
                "0 2 * * *",
                "cron(0 2 * * *)",
                "cron(0 2 * * * *)",
                "cron(0 2 ? * ? *)",
                "cron(0 2 ? * SUN * *)",
                "cron(60 2 ? * SUN *)",
                "cron(0 24 ? * SUN *)",
                "cron(0 2 32 * ? *)",
                "cron(0 2 ? 13 SUN *)",
                "cron(0 2 ? * 0 *)",
                "cron(0 2 ? * 8 *)",
                "cron(0 2 ? * SUNDAY *)",
                "cron(0 2 ? * 3#6 *)",
                "cron(0 2 ? * SUN 1969)",
                "cron(0 2 ? * SUN 2200)",
                "cron(0 @ ? * SUN *)",
                "rate(0 minutes)",
                "rate(5 seconds)",
                "rate(5)",
                "rate(-1 day)"
            })
    void unknownSyntax_isRefused_withTheExpression(String expression) {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Recurrence.parse(expression, ZoneId.of("UTC")))
                        .getMessage();

        assertTrue(message.contains(expression), message);
    }
}

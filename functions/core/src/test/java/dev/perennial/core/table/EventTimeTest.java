package dev.perennial.core.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-03-01T13:30:00Z, 2026-03-01T13:30:00Z",
        "2026-03-01T13:30:00, 2026-03-01T13:30:00Z",
        "2026-03-01 13:30:00, 2026-03-01T13:30:00Z",
        "2026-03-01T13:30, 2026-03-01T13:30:00Z",
        "2026-03-01, 2026-03-01T00:00:00Z",
        "2026-03-01T13:30:00+02:00, 2026-03-01T11:30:00Z",
        "2026-03-01 00:30:00-11:45, 2026-03-01T12:15:00Z",
        "2026-03-01T13:30:00.123456Z, 2026-03-01T13:30:00.123456Z",
        "2026-03-01T13:30:00.123456789Z, 2026-03-01T13:30:00.123456Z",
        "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
        "0001-01-01, 0001-01-01T00:00:00Z",
        "2024-02-29, 2024-02-29T00:00:00Z",
        "1772371800, 2026-03-01T13:30:00Z",
        "1772371800000, 2026-03-01T13:30:00Z",
        "1772371800000000, 2026-03-01T13:30:00Z",
        "-1772371800, 1913-11-02T10:30:00Z",
        "100000000, 1973-03-03T09:46:40Z",
        "202613011330, 1976-06-03T01:23:31.330Z",
        "999999999999, 2001-09-09T01:46:39.999Z",
    })
    void time_isReadInUtc(String text, Instant expected) {
        assertEquals(expected, EventTime.instant(EventTime.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-13-01",
                "2026-02-30",
                "2023-02-29",
                "2026-03-01T25:00",
                "2026-03-01T13",
                "2026-03-01T",
                "2026-03-0113:30",
                "2026-03-01T 13:30",
                "2026-03-01T13:30:00+25:00",
                "2026-03-01T13:30:00 Europe/Berlin",
                "01.03.2026",
                "03/01/2026",
                "20260301",
                "202603011330",
                "20260301133059",
                "2026",
                "45000",
                "1772371800.5",
                "-",
                "99999999",
                "100000000000000000",
                "9223372036854775808",
                "-9223372036854775808",
                "99999999999999999999999",
                "+999999999-01-01",
                "-999999999-01-01",
                "٢٠٢٦-03-01",
            })
    void whatIsNoTime_isRefusedInWords(String text) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> EventTime.parse(text))
                        .getMessage();

        assertTrue(message.matches("(not a time|too |looks like a date in digits).*"), message);
    }

    @Test
    void everyMicrosecond_survivesWritingAndReading() {
        SplittableRandom random = new SplittableRandom(4);
        for (int draw = 0; draw < 10_000; draw++) {
            long micros = random.nextLong(-62_135_596_800_000_000L, 253_402_300_800_000_000L);

            assertEquals(micros, EventTime.parse(EventTime.instant(micros).toString()));
            assertEquals(micros, EventTime.micros(EventTime.instant(micros)));
        }
    }

    /** What is read without the formatter means what the formatter says. */
    @Test
    void plainForm_isReadAsIso() {
        for (int i = 0; i < 5_000; i++) {
            Instant moment = Instant.ofEpochSecond(i * 1_234_567L);

            assertEquals(EventTime.micros(moment), EventTime.parse(moment.toString()));
            assertEquals(
                    EventTime.micros(moment), EventTime.parse(moment.toString().replace("Z", "")));
        }
        for (String wrong :
                List.of(
                        "2026-02-30T00:00:00Z",
                        "2026-02-29T00:00:00",
                        "2026-04-31T00:00:00Z",
                        "2026-13-01T00:00:00Z",
                        "2026-01-01T24:00:01Z")) {
            assertThrows(IllegalArgumentException.class, () -> EventTime.parse(wrong));
        }
    }
}

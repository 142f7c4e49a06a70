package dev.perennial.retrieve;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of a source can hold rows of the window, by their {@code date=YYYY-MM-DD} folders
 * (UTC). A file in no such folder may hold any row.
 *
 * @param from no row before it matters
 * @param until no row from it on matters
 */
record Partitions(Instant from, Instant until) {
    private static final Pattern DATE = Pattern.compile("(?:^|/)date=([^/]+)/");

    /**
     * The window ends at the newest row, which lies on the newest partition's day or later: what is
     * older than that day by more than the window can't matter.
     */
    static Partitions of(List<String> names, Duration window, Instant until) {
        Optional<Instant> newest =
                names.stream()
                        .flatMap(name -> day(name).stream())
                        .map(Partitions::begin)
                        .filter(day -> day.isBefore(until))
                        .max(Instant::compareTo);
        return new Partitions(newest.map(day -> day.minus(window)).orElse(Instant.MIN), until);
    }

    boolean mayMatter(String name) {
        return day(name)
                .map(day -> begin(day).isBefore(until) && begin(day.plusDays(1)).isAfter(from))
                .orElse(true);
    }

    private static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Optional<LocalDate> day(String name) {
        Matcher partition = DATE.matcher(name);
        if (!partition.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(partition.group(1)));
        } catch (DateTimeParseException unreadable) {
            throw new NoDataException(
                    "%s: partition '%s' is no date; expected date=YYYY-MM-DD"
                            .formatted(name, partition.group(1)));
        }
    }
}

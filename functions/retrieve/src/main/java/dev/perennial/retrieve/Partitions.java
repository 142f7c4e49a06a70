package dev.perennial.retrieve;

import dev.perennial.core.store.ArtifactStore.StoredObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source's files by their {@code date=YYYY-MM-DD} folders (UTC).
 *
 * @param days newest first
 * @param undated in no such folder: they may hold any row
 */
record Partitions(List<Day> days, List<StoredObject> undated) {
    private static final Pattern DATE = Pattern.compile("(?:^|/)date=([^/]+)/");

    /** The files that hold rows of a day. */
    record Day(LocalDate date, List<StoredObject> files) {
        /** Whether a row of it can lie before a moment. */
        boolean beginsBefore(Instant moment) {
            return begin(date).isBefore(moment);
        }

        /** Whether all its rows lie before a moment. */
        boolean endsBy(Instant moment) {
            return !begin(date.plusDays(1)).isAfter(moment);
        }

        private static Instant begin(LocalDate day) {
            return day.atStartOfDay(ZoneOffset.UTC).toInstant();
        }
    }

    /**
     * Sorts files into their days.
     *
     * @param prefix of the source; what follows it in a key is looked at
     * @throws NoDataException if a folder's date is none
     */
    static Partitions of(String prefix, List<StoredObject> objects) {
        TreeMap<LocalDate, List<StoredObject>> dated = new TreeMap<>(Comparator.reverseOrder());
        List<StoredObject> undated = new ArrayList<>();
        for (StoredObject object : objects) {
            day(object.key().substring(prefix.length()))
                    .map(day -> dated.computeIfAbsent(day, _ -> new ArrayList<>()))
                    .orElse(undated)
                    .add(object);
        }
        return new Partitions(
                dated.entrySet().stream()
                        .map(day -> new Day(day.getKey(), List.copyOf(day.getValue())))
                        .toList(),
                List.copyOf(undated));
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

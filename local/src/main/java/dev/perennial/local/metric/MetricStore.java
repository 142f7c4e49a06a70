package dev.perennial.local.metric;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.local.file.LineFile;
import dev.perennial.local.file.WholeFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * CloudWatch's metrics: statistics of each minute, in memory and in a file of JSON lines that
 * another process may read at any time. Safe for use by many threads.
 *
 * <p>The file is bounded: when it has grown past a limit it is written anew, with one line for each
 * minute of each metric, and without what CloudWatch would have deleted too.
 */
public final class MetricStore {
    /** Source: CloudWatch's PutMetricData. */
    private static final Duration OLDEST = Duration.ofDays(14);

    private static final Duration NEWEST = Duration.ofHours(2);

    /** CloudWatch keeps metrics for 15 months. */
    private static final Duration RETENTION = Duration.ofDays(455);

    private static final long COMPACT_BYTES = 32L << 20;

    /** After so many more, if there was no room for a new file. */
    private static final long COMPACT_AGAIN_BYTES = 1L << 20;

    private final Path file;
    private final InstantSource clock;
    private final Consumer<String> onRejected;
    private final Map<Metric, NavigableMap<Instant, Minute>> metrics = new HashMap<>();
    private long bytes;
    private long compactAt = COMPACT_BYTES;
    private long rejected;

    /** A metric's values of one minute, of whatever units. */
    private record Minute(String unit, Statistics values) {
        Minute and(Minute other) {
            return new Minute(unit, values.and(other.values()));
        }
    }

    /** One line of the file. */
    record Line(
            String namespace,
            String name,
            Map<String, String> dimensions,
            String minute,
            String unit,
            double minimum,
            double maximum,
            double sum,
            long count) {
        static Line of(Metric metric, Instant minute, String unit, Statistics values) {
            return new Line(
                    metric.namespace(),
                    metric.name(),
                    metric.dimensions(),
                    minute.toString(),
                    unit,
                    values.minimum(),
                    values.maximum(),
                    values.sum(),
                    values.count());
        }

        Metric metric() {
            return new Metric(namespace, name, dimensions);
        }

        Statistics values() {
            return new Statistics(minimum, maximum, sum, count);
        }
    }

    private MetricStore(Path file, InstantSource clock, Consumer<String> onRejected) {
        this.file = file;
        this.clock = clock;
        this.onRejected = onRejected;
    }

    /**
     * Opens what there is.
     *
     * @param clock metrics too far from it are rejected
     * @param onRejected hears why something is dropped, also of lines of the file that can't be
     *     read
     */
    public static MetricStore open(Path file, InstantSource clock, Consumer<String> onRejected) {
        MetricStore store = new MetricStore(file, clock, onRejected);
        store.load();
        return store;
    }

    private void load() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            byte[] content = Files.readAllBytes(file);
            bytes = read(content);
            if (bytes < content.length) { // the last line is half written
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(bytes);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    /** Reads whole lines, and says where the last one ends. */
    private int read(byte[] content) {
        int begin = 0;
        int number = 1;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                String where = file + " line " + number;
                read(where, Arrays.copyOfRange(content, begin, at));
                begin = at + 1;
                number++;
            }
        }
        return begin;
    }

    private void read(String where, byte[] json) {
        try {
            Line line = Json.read(where, json, Line.class);
            merge(line.metric(), Instant.parse(line.minute()), line.unit(), line.values());
        } catch (MalformedJsonException damaged) {
            reject(String.valueOf(damaged.getMessage()));
        } catch (DateTimeParseException | IllegalArgumentException damaged) {
            reject("%s: %s".formatted(where, damaged.getMessage()));
        }
    }

    private void merge(Metric metric, Instant minute, String unit, Statistics values) {
        metrics.computeIfAbsent(metric, _ -> new TreeMap<>())
                .merge(minute, new Minute(unit, values), Minute::and);
    }

    /**
     * Takes what a function's log line says, if it says anything in CloudWatch's Embedded Metric
     * Format.
     *
     * @param origin of the line, for messages
     */
    public synchronized void accept(String origin, String line) {
        EmbeddedMetrics.Reading reading = EmbeddedMetrics.read(line);
        reading.problems().forEach(problem -> reject(origin + ": " + problem));
        Instant now = clock.instant();
        StringBuilder lines = new StringBuilder();
        for (Datum datum : reading.data()) {
            if (datum.timestamp().isBefore(now.minus(OLDEST))
                    || datum.timestamp().isAfter(now.plus(NEWEST))) {
                reject(
                        "%s: %s is of %s, which at %s is more than two weeks old or more than two hours ahead"
                                .formatted(origin, datum.metric(), datum.timestamp(), now));
            } else {
                Instant minute = datum.timestamp().truncatedTo(ChronoUnit.MINUTES);
                merge(datum.metric(), minute, datum.unit(), datum.values());
                lines.append(text(datum.metric(), minute, datum.unit(), datum.values()));
            }
        }
        append(lines.toString());
    }

    private static String text(Metric metric, Instant minute, String unit, Statistics values) {
        return new String(Json.write(Line.of(metric, minute, unit, values)), StandardCharsets.UTF_8)
                + "\n";
    }

    private void reject(String why) {
        rejected++;
        onRejected.accept(why);
    }

    private void append(String lines) {
        if (lines.isEmpty()) {
            return;
        }
        byte[] content = lines.getBytes(StandardCharsets.UTF_8);
        LineFile.append(file, content);
        bytes += content.length;
        if (bytes > compactAt) {
            try {
                compact();
            } catch (UncheckedIOException full) { // the file it has is as good
                compactAt = bytes + COMPACT_AGAIN_BYTES;
            }
        }
    }

    /** A line for each minute of each metric that CloudWatch would still have. */
    private void compact() {
        Instant oldest = clock.instant().minus(RETENTION);
        metrics.values().forEach(minutes -> minutes.headMap(oldest).clear());
        WholeFile.replace(file, this::writeTo);
        bytes = file.toFile().length();
        compactAt = Math.max(COMPACT_BYTES, 2 * bytes);
    }

    private void writeTo(OutputStream out) throws IOException {
        for (Map.Entry<Metric, NavigableMap<Instant, Minute>> metric : metrics.entrySet()) {
            for (Map.Entry<Instant, Minute> each : metric.getValue().entrySet()) {
                Minute minute = each.getValue();
                out.write(
                        text(metric.getKey(), each.getKey(), minute.unit(), minute.values())
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /**
     * What was dropped since the start: log lines, metrics of a line, dimension sets, and lines of
     * the file that can't be read.
     */
    public synchronized long rejected() {
        return rejected;
    }

    /** The metrics there are. */
    public synchronized List<Metric> metrics() {
        return List.copyOf(metrics.keySet());
    }

    /**
     * When what an alarm sees changes next: a minute's values come into the window that ends with
     * the last whole minute, go from one of its periods to the one before, or leave it.
     *
     * @param after a whole minute
     * @param periods of the window
     */
    synchronized Optional<Instant> nextChange(
            Metric metric, Instant after, Duration period, int periods) {
        NavigableMap<Instant, Minute> minutes = metrics.getOrDefault(metric, new TreeMap<>());
        Instant next = null;
        for (Instant minute :
                minutes.tailMap(after.minus(period.multipliedBy(periods + 1L))).keySet()) {
            Instant change = minute.plus(Duration.ofMinutes(1));
            for (int crossed = 0; crossed <= periods && !change.isAfter(after); crossed++) {
                change = change.plus(period);
            }
            if (change.isAfter(after) && (next == null || change.isBefore(next))) {
                next = change;
            }
        }
        return Optional.ofNullable(next);
    }

    /**
     * A metric's statistics of one period.
     *
     * @param from inclusive, a whole minute
     * @param to exclusive
     * @return nothing if it has no values there
     */
    public synchronized Optional<Statistics> statistics(Metric metric, Instant from, Instant to) {
        NavigableMap<Instant, Minute> minutes = metrics.get(metric);
        if (minutes == null) {
            return Optional.empty();
        }
        Collection<Minute> within = minutes.subMap(from, true, to, false).values();
        return within.stream().map(Minute::values).reduce(Statistics::and);
    }
}

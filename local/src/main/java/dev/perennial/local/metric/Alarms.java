package dev.perennial.local.metric;

import dev.perennial.core.json.Json;
import dev.perennial.local.file.WholeFile;
import dev.perennial.local.metric.AlarmChange.Current;
import dev.perennial.local.template.AlarmResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The stack's alarms. Each is evaluated once a minute over a window that slides: its periods end
 * with the last whole minute, whatever their length, as CloudWatch's do by default. States are kept
 * in a file.
 */
public final class Alarms {
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final List<AlarmResource> alarms;
    private final MetricStore metrics;
    private final Path file;
    private final Consumer<AlarmChange> listener;
    private final Map<String, Current> current = new TreeMap<>();
    private Instant evaluated;
    private boolean looked;

    /** What the file holds, by the alarms' names. */
    record States(Map<String, Current> alarms) {}

    /**
     * Begins.
     *
     * @param now minutes after this moment are evaluated
     * @param listener hears of every change, in the alarms' order; if it fails, of the same change
     *     again with the next evaluation. It has to bear hearing of one twice.
     */
    public Alarms(
            List<AlarmResource> alarms,
            MetricStore metrics,
            Path file,
            Instant now,
            Consumer<AlarmChange> listener) {
        this.alarms = List.copyOf(alarms);
        this.metrics = metrics;
        this.file = file;
        this.listener = listener;
        this.evaluated = now.truncatedTo(ChronoUnit.MINUTES);
        Map<String, Current> kept = read(file);
        for (AlarmResource alarm : alarms) {
            current.put(
                    alarm.name(),
                    kept.getOrDefault(
                            alarm.name(),
                            new Current(
                                    AlarmState.INSUFFICIENT_DATA,
                                    "Unchecked: Initial alarm creation",
                                    now)));
        }
    }

    private static Map<String, Current> read(Path file) {
        try {
            return Files.exists(file)
                    ? Json.read(file.toString(), Files.readAllBytes(file), States.class).alarms()
                    : Map.of();
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    /** Whether a minute has passed since the last evaluation, or the clock was set back by one. */
    public synchronized boolean isDue(Instant now) {
        return !now.isBefore(evaluated.plus(EVERY)) || now.isBefore(evaluated.minus(EVERY));
    }

    /**
     * The next minute at which an evaluation can come to something else than the last one did, for
     * simulated time; nothing if that needs new values.
     */
    public synchronized Optional<Instant> nextChange() {
        boolean fresh =
                current.values().stream()
                        .anyMatch(each -> each.state() == AlarmState.INSUFFICIENT_DATA);
        if (fresh && !looked) {
            return Optional.of(evaluated.plus(EVERY));
        }
        return alarms.stream()
                .flatMap(alarm ->
                        metrics
                                .nextChange(
                                        metric(alarm),
                                        evaluated,
                                        alarm.period(),
                                        alarm.evaluationPeriods() + Evaluation.FURTHER_BACK)
                                .stream())
                .min(Comparator.naturalOrder());
    }

    private static Metric metric(AlarmResource alarm) {
        return new Metric(alarm.namespace(), alarm.metric(), alarm.dimensions());
    }

    /** What each alarm says now, by its name. */
    public synchronized Map<String, Current> states() {
        return Map.copyOf(current);
    }

    /**
     * Looks at the datapoints up to the last whole minute.
     *
     * @return whether any alarm changed
     * @throws RuntimeException if a change couldn't be told or kept; the others were
     */
    public synchronized boolean evaluate(Instant now) {
        Instant end = now.truncatedTo(ChronoUnit.MINUTES);
        evaluated = end;
        looked = true;
        List<AlarmChange> changes = new ArrayList<>();
        for (AlarmResource alarm : alarms) {
            Current before =
                    current.getOrDefault(
                            alarm.name(), new Current(AlarmState.INSUFFICIENT_DATA, "", now));
            Evaluation evaluation = new Evaluation(alarm, datapoints(alarm, end));
            AlarmState state = evaluation.state(before.state());
            if (state != before.state()) {
                changes.add(
                        new AlarmChange(
                                alarm, before, new Current(state, evaluation.reason(state), now)));
            }
        }
        tell(changes);
        return !changes.isEmpty();
    }

    /**
     * Keeps a change once it was told: after a kill in between it is told twice, which does less
     * harm than never.
     */
    private void tell(List<AlarmChange> changes) {
        RuntimeException first = null;
        for (AlarmChange change : changes) {
            try {
                listener.accept(change);
                current.put(change.alarm().name(), change.now());
                keep();
            } catch (RuntimeException failed) {
                if (first == null) {
                    first = failed;
                } else {
                    first.addSuppressed(failed);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private List<Optional<Double>> datapoints(AlarmResource alarm, Instant end) {
        Metric metric = metric(alarm);
        List<Optional<Double>> datapoints = new ArrayList<>();
        Instant to = end;
        for (int back = 0; back < alarm.evaluationPeriods() + Evaluation.FURTHER_BACK; back++) {
            Instant from = to.minus(alarm.period());
            datapoints.add(
                    metrics.statistics(metric, from, to)
                            .map(values -> values.value(alarm.statistic())));
            to = from;
        }
        return datapoints;
    }

    private void keep() {
        WholeFile.replace(file, out -> out.write(Json.pretty(new States(current))));
    }
}

package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import dev.perennial.local.file.WholeFile;
import dev.perennial.local.schedule.Recurrence;
import dev.perennial.local.template.ScheduleResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * EventBridge Scheduler. Remembers in a file when each schedule came to be, as a rate counts from
 * there. Ticks of the time when no local cloud was up are not made up for.
 */
public final class Scheduler {
    /**
     * A clock that is set back by less makes no tick twice: the next one is just that much later.
     */
    private static final Duration SET_RIGHT = Duration.ofMinutes(1);

    private final AsynchronousInvocations functions;
    private final Map<String, Tick> next = new TreeMap<>();
    private Instant looked;

    /** A schedule's next time. */
    private record Tick(
            ScheduleResource schedule, Recurrence recurrence, Instant created, Instant at) {}

    /** When a schedule with this expression came to be. */
    record Created(String expression, Optional<ZoneId> zone, Instant at) {
        ZoneId zoneOrUtc() {
            return zone.orElse(ZoneOffset.UTC);
        }
    }

    /** What the file holds, by the schedules' names. */
    record CreatedSchedules(Map<String, Created> schedules) {}

    /**
     * Begins.
     *
     * @param file remembers when each schedule came to be
     * @param now ticks after this moment are made; those of a new rate from this moment on
     */
    public Scheduler(
            List<ScheduleResource> schedules,
            AsynchronousInvocations functions,
            Path file,
            Instant now) {
        this.functions = functions;
        this.looked = now;
        Map<String, Created> known = read(file);
        Map<String, Created> current = new TreeMap<>();
        for (ScheduleResource schedule : schedules) {
            Created before = known.get(schedule.name());
            Created created =
                    before != null
                                    && before.expression().equals(schedule.expression())
                                    && before.zoneOrUtc().equals(schedule.zone())
                            ? before
                            : new Created(schedule.expression(), Optional.of(schedule.zone()), now);
            current.put(schedule.name(), created);
            Recurrence recurrence = schedule.recurrence();
            boolean atOnce = !created.equals(before) && recurrence.beginsAtOnce();
            Instant after = atOnce ? now.minusNanos(1) : now;
            plan(schedule, recurrence, created.at(), after);
        }
        WholeFile.replace(file, out -> out.write(Json.pretty(new CreatedSchedules(current))));
    }

    /**
     * When each schedule fires next, by its name.
     *
     * @param file of the scheduler that runs, or ran last
     */
    public static Map<String, Instant> ticks(Path file, Instant now) {
        Map<String, Instant> ticks = new TreeMap<>();
        read(file)
                .forEach((name, created) ->
                        Recurrence.parse(created.expression(), created.zoneOrUtc())
                                .next(created.at(), now)
                                .ifPresent(at -> ticks.put(name, at)));
        return ticks;
    }

    private static Map<String, Created> read(Path file) {
        try {
            return Files.exists(file)
                    ? Json.read(file.toString(), Files.readAllBytes(file), CreatedSchedules.class)
                            .schedules()
                    : Map.of();
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    private void plan(
            ScheduleResource schedule, Recurrence recurrence, Instant created, Instant after) {
        Optional<Instant> at = recurrence.next(created, after);
        if (at.isPresent()) {
            next.put(schedule.name(), new Tick(schedule, recurrence, created, at.get()));
        } else {
            next.remove(schedule.name());
        }
    }

    /** When the next schedule is due. */
    public Optional<Instant> due() {
        return next.values().stream().map(Tick::at).min(Comparator.naturalOrder());
    }

    /**
     * Gives the functions of all schedules that are due their events. If the clock was set back,
     * ticks of the time it repeats are made again.
     *
     * @return whether there was any
     */
    public boolean tick(Instant now) {
        if (now.isBefore(looked.minus(SET_RIGHT))) {
            List.copyOf(next.values())
                    .forEach(tick -> plan(tick.schedule(), tick.recurrence(), tick.created(), now));
        }
        looked = now;
        List<Tick> due = new ArrayList<>();
        for (Tick tick : next.values()) {
            if (!tick.at().isAfter(now)) {
                due.add(tick);
            }
        }
        due.sort(Comparator.comparing(Tick::at));
        for (Tick tick : due) {
            functions.submit(
                    tick.schedule().function(),
                    input(tick.schedule(), tick.at()).getBytes(StandardCharsets.UTF_8));
            plan(tick.schedule(), tick.recurrence(), tick.created(), tick.at());
        }
        return !due.isEmpty();
    }

    private static String input(ScheduleResource schedule, Instant at) {
        String execution =
                UUID.nameUUIDFromBytes((schedule.arn() + at).getBytes(StandardCharsets.UTF_8))
                        .toString();
        return schedule.input()
                .replace("<aws.scheduler.schedule-arn>", schedule.arn())
                .replace("<aws.scheduler.scheduled-time>", at.toString())
                .replace("<aws.scheduler.execution-id>", execution)
                .replace("<aws.scheduler.attempt-number>", "1");
    }
}

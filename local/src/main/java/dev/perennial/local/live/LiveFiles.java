package dev.perennial.local.live;

import dev.perennial.local.event.PendingJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where the live side keeps what it knows.
 *
 * @param folder of its own state
 * @param logs of the functions; incidents go there too
 * @param events every event of the bus, one line each
 * @param notifications what topics were told, one line each
 */
public record LiveFiles(Path folder, Path logs, Path events, Path notifications) {
    /** Those of a home. */
    public static LiveFiles of(Path home) {
        return new LiveFiles(
                home.resolve("live"),
                home.resolve("logs"),
                home.resolve("events.jsonl"),
                home.resolve("notifications.jsonl"));
    }

    public Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    Path positions() {
        return folder.resolve("positions.json");
    }

    public Path alarms() {
        return folder.resolve("alarms.json");
    }

    public Path schedules() {
        return folder.resolve("schedules.json");
    }

    /** A folder with a file for each queue, which has its messages. */
    Path queues() {
        return folder.resolve("queues");
    }

    /**
     * How much waits: messages by their queue's name, and events that functions are to be given.
     */
    public Map<String, Long> waiting() {
        Map<String, Long> waiting = new TreeMap<>();
        if (Files.isDirectory(queues())) {
            try (Stream<Path> files = Files.list(queues())) {
                files.forEach(file ->
                        PendingJournal.name(file)
                                .ifPresent(
                                        queue -> waiting.put(queue, PendingJournal.count(file))));
            } catch (IOException failed) {
                throw new UncheckedIOException("listing " + queues(), failed);
            }
        }
        waiting.put("asynchronous events", PendingJournal.count(asynchronous()));
        waiting.values().removeIf(count -> count == 0);
        return waiting;
    }

    /** Events that functions are still to be given. */
    Path asynchronous() {
        return PendingJournal.file(folder, "asynchronous");
    }

    public Path incidents() {
        return logs.resolve("incidents.jsonl");
    }
}

package dev.perennial.local.event;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What goes wrong where no caller waits for an answer: counted, and kept as one JSON line each.
 * Safe for use by many threads.
 */
public final class Incidents {
    private final JsonLines lines;
    private final InstantSource clock;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private record Line(String time, String kind, String what, String why, String content) {}

    public Incidents(Path file, InstantSource clock) {
        this.lines = new JsonLines(file);
        this.clock = clock;
    }

    /**
     * An event that nothing will ever work on.
     *
     * @param content the event
     * @throws UncheckedIOException if it can't be kept here either
     */
    public void lost(String what, String why, String content) {
        lost.incrementAndGet();
        append("lost", what, why, content);
    }

    /**
     * Something that didn't work and is done without, or tried again. On a full disk it is only
     * counted: whoever tells of it goes on.
     */
    public void failed(String what, String why) {
        failures.incrementAndGet();
        try {
            append("failed", what, why, "");
        } catch (UncheckedIOException full) {
            // counted
        }
    }

    /** Events lost since the start. */
    public long lost() {
        return lost.get();
    }

    /** Other failures since the start. */
    public long failures() {
        return failures.get();
    }

    private void append(String kind, String what, String why, String content) {
        lines.append(new Line(clock.instant().toString(), kind, what, why, content));
    }
}

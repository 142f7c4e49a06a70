package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** A file of one JSON document per line that only grows. Safe for use by many threads. */
public final class JsonLines {
    private final Path file;

    public JsonLines(Path file) {
        this.file = file;
    }

    /** Appends in one write, so that a reader never sees half a line of a process that ended. */
    public synchronized void append(Object value) {
        byte[] json = Json.write(value);
        byte[] line = new byte[json.length + 1];
        System.arraycopy(json, 0, line, 0, json.length);
        line[json.length] = '\n';
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    /** How many lines there are. */
    public long count() {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.count();
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }
}

package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import dev.perennial.local.file.LineFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** A file of one JSON document per line that only grows. Safe for use by many threads. */
public final class JsonLines {
    private final Path file;

    public JsonLines(Path file) {
        this.file = file;
    }

    /** Appends a line; behind half a line that a kill or a full disk left, one of its own. */
    public synchronized void append(Object value) {
        byte[] json = Json.write(value);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        LineFile.append(file, line);
    }

    /** How many lines there are, also broken ones. */
    public long count() {
        if (!Files.exists(file)) {
            return 0;
        }
        // Bytes as they are: a line may be broken within a character.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.count();
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }
}

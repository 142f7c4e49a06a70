package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What waits to be worked on, so that it outlives the process that took it, also when that is
 * killed. A file with a line for each thing that was kept (its name, a space, its JSON) and for
 * each that was removed (its name), written anew when most of it is history. Safe for use by many
 * threads.
 *
 * @param <T> a record that {@link Json} reads
 */
public final class PendingJournal<T> implements AutoCloseable {
    private static final String SUFFIX = ".journal";

    /** So much history isn't worth a new file, in bytes. */
    private static final long HISTORY = 1 << 20;

    private final Path file;
    private final Map<String, T> pending = new LinkedHashMap<>();

    /** No channel, which the write of an interrupted thread would close. */
    private RandomAccessFile content;

    /** Where the next line goes: what a failed write left there is overwritten. */
    private long end;

    /** The file's length when it was last written anew, or there was no room for that. */
    private long lengthAnew;

    /** Whether the file has what was removed. */
    private boolean isBehind;

    /**
     * Opens a file with what waits in it, or makes one.
     *
     * @param incidents hears of lines that can't be read; they aren't in the file any more
     * @throws UncheckedIOException if it can't be read or made
     */
    public PendingJournal(Path file, Class<T> type, Incidents incidents) {
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (Files.exists(file)) {
                read(Files.readAllBytes(file), type, incidents);
            }
            content = writeAnew();
        } catch (IOException failed) {
            throw new UncheckedIOException("opening " + file, failed);
        }
    }

    /** What is behind the last line's end was being written when a process was killed. */
    private void read(byte[] lines, Class<T> type, Incidents incidents) {
        int lineBegin = 0;
        int number = 1;
        for (int at = 0; at < lines.length; at++) {
            if (lines[at] == '\n') {
                String line = new String(lines, lineBegin, at - lineBegin, StandardCharsets.UTF_8);
                try {
                    read(line, "%s line %d".formatted(file, number), type);
                } catch (MalformedJsonException damaged) {
                    incidents.lost("what waited", String.valueOf(damaged.getMessage()), line);
                }
                lineBegin = at + 1;
                number++;
            }
        }
    }

    private void read(String line, String where, Class<T> type) {
        int space = line.indexOf(' ');
        if (space < 0) {
            pending.remove(line);
        } else {
            byte[] json = line.substring(space + 1).getBytes(StandardCharsets.UTF_8);
            pending.put(line.substring(0, space), Json.read(where, json, type));
        }
    }

    /**
     * Keeps, or replaces what is kept by this name. Once this has returned, whoever gave it can be
     * answered.
     *
     * @param name without spaces
     * @throws UncheckedIOException if it can't be written
     */
    public synchronized void keep(String name, T value) {
        append(line(name, value));
        pending.put(name, value);
    }

    /**
     * Forgets what was worked on. On a full disk the file forgets it as soon as there is room to
     * write it anew: after a kill before that, it waits once more.
     */
    public synchronized void remove(String name) {
        if (pending.remove(name) != null) {
            try {
                append((name + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (UncheckedIOException full) {
                isBehind = true;
            }
        }
    }

    /** What waits, by name, in the order in which it came. */
    public synchronized Map<String, T> all() {
        return new LinkedHashMap<>(pending);
    }

    private byte[] line(String name, T value) {
        byte[] prefix = (name + " ").getBytes(StandardCharsets.UTF_8);
        byte[] json = Json.write(value);
        byte[] line = Arrays.copyOf(prefix, prefix.length + json.length + 1);
        System.arraycopy(json, 0, line, prefix.length, json.length);
        line[line.length - 1] = '\n';
        return line;
    }

    private void append(byte[] line) {
        if (isBehind || (end > HISTORY && end > 2 * lengthAnew)) {
            replace();
        }
        try {
            content.seek(end);
            content.write(line);
            end += line.length;
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    /** If there is no room for a new file, the old one goes on: it may have room for a line. */
    private void replace() {
        try {
            RandomAccessFile old = content;
            content = writeAnew();
            old.close();
        } catch (IOException full) {
            lengthAnew = end;
        }
    }

    private RandomAccessFile writeAnew() throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        RandomAccessFile anew = new RandomAccessFile(unfinished.toFile(), "rw");
        try {
            anew.setLength(0); // of a process that was killed
            for (Map.Entry<String, T> entry : pending.entrySet()) {
                anew.write(line(entry.getKey(), entry.getValue()));
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            end = anew.getFilePointer();
            lengthAnew = end;
            isBehind = false;
            return anew;
        } catch (IOException failed) {
            anew.close();
            Files.deleteIfExists(unfinished); // half a file would hold on to the last free space
            throw failed;
        }
    }

    /** What a journal's file is called. */
    public static Path file(Path folder, String name) {
        return folder.resolve(name + SUFFIX);
    }

    /** The name of a file's journal, if it is one's. */
    public static Optional<String> name(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX)
                ? Optional.of(name.substring(0, name.length() - SUFFIX.length()))
                : Optional.empty();
    }

    /** How much waits in a file, if there is one, also while another process writes it. */
    public static long count(Path file) {
        if (!Files.exists(file)) {
            return 0;
        }
        Set<String> names = new HashSet<>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> {
                int space = line.indexOf(' ');
                if (space < 0) {
                    names.remove(line);
                } else {
                    names.add(line.substring(0, space));
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
        return names.size();
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("closing " + file, failed);
        }
    }
}

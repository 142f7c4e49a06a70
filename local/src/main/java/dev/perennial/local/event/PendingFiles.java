package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What waits to be worked on, a JSON file each, so that it outlives the process that took it, also
 * when that is killed. Safe for use by many threads.
 */
public final class PendingFiles {
    private static final String SUFFIX = ".json";

    private final Path folder;

    /**
     * What waits in a folder, which is made if needed.
     *
     * @throws UncheckedIOException if it can't be made
     */
    public PendingFiles(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException("making " + folder, failed);
        }
    }

    /**
     * Keeps, or replaces what is kept by this name. Once this has returned, whoever gave it can be
     * answered.
     *
     * @throws UncheckedIOException if it can't be written
     */
    public void keep(String name, Object value) {
        Path file = folder.resolve(name + SUFFIX);
        Path unfinished = folder.resolve(name + ".unfinished");
        try {
            Files.write(unfinished, Json.write(value));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    /** Forgets what was worked on. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name + SUFFIX));
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting from " + folder, failed);
        }
    }

    /** Names of what waits, oldest first. */
    public List<String> names() {
        record Entry(String name, long modified) {}
        List<Entry> entries = new ArrayList<>();
        for (Path file : files(folder)) {
            try {
                String name = file.getFileName().toString();
                entries.add(
                        new Entry(
                                name.substring(0, name.length() - SUFFIX.length()),
                                Files.getLastModifiedTime(file).toMillis()));
            } catch (NoSuchFileException workedOn) {
                // meanwhile
            } catch (IOException failed) {
                throw new UncheckedIOException("reading " + file, failed);
            }
        }
        return entries.stream()
                .sorted(Comparator.comparingLong(Entry::modified).thenComparing(Entry::name))
                .map(Entry::name)
                .toList();
    }

    /** What is kept by a name. */
    public <T> T read(String name, Class<T> type) {
        Path file = folder.resolve(name + SUFFIX);
        try {
            return Json.read(file.toString(), Files.readAllBytes(file), type);
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    /** How much waits in a folder, if there is one. */
    public static long count(Path folder) {
        return Files.isDirectory(folder) ? files(folder).size() : 0;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException("listing " + folder, failed);
        }
    }
}

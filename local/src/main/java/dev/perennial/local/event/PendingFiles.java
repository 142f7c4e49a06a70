package dev.perennial.local.event;

import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What waits to be worked on, a JSON file each, so that it outlives the process that took it, also
 * when that is killed. Safe for use by many threads.
 */
public final class PendingFiles {
    private static final String SUFFIX = ".json";
    private static final String UNFINISHED = ".unfinished";

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
            for (Path left : files(folder, UNFINISHED)) { // by a process that was killed
                Files.deleteIfExists(left);
            }
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
        Path unfinished = folder.resolve(name + UNFINISHED);
        try {
            Files.write(unfinished, Json.write(value));
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
        move(unfinished, file);
    }

    /** Forgets what was worked on. */
    public void remove(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name + SUFFIX));
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting from " + folder, failed);
        }
    }

    /**
     * What waits, by its names, oldest first as far as the file system's clock tells.
     *
     * @param incidents hears of what can't be read, which is put aside
     */
    public <T> Map<String, T> all(Class<T> type, Incidents incidents) {
        Map<String, T> all = new LinkedHashMap<>();
        for (String name : names()) {
            read(name, type, incidents).ifPresent(value -> all.put(name, value));
        }
        return all;
    }

    private List<String> names() {
        record Entry(String name, FileTime modified) {}
        List<Entry> entries = new ArrayList<>();
        for (Path file : files(folder, SUFFIX)) {
            try {
                String name = file.getFileName().toString();
                entries.add(
                        new Entry(
                                name.substring(0, name.length() - SUFFIX.length()),
                                Files.getLastModifiedTime(file)));
            } catch (NoSuchFileException workedOn) {
                // meanwhile
            } catch (IOException failed) {
                throw new UncheckedIOException("reading " + file, failed);
            }
        }
        return entries.stream()
                .sorted(Comparator.comparing(Entry::modified).thenComparing(Entry::name))
                .map(Entry::name)
                .toList();
    }

    private <T> Optional<T> read(String name, Class<T> type, Incidents incidents) {
        Path file = folder.resolve(name + SUFFIX);
        try {
            return Optional.of(Json.read(file.toString(), Files.readAllBytes(file), type));
        } catch (NoSuchFileException workedOn) {
            return Optional.empty();
        } catch (MalformedJsonException damaged) {
            incidents.lost(
                    "what waited in " + file,
                    "it can't be read, so it is called .unreadable now: " + damaged.getMessage(),
                    "");
            move(file, folder.resolve(name + ".unreadable"));
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    private static void move(Path file, Path target) {
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException("moving " + file, failed);
        }
    }

    /** How much waits in a folder, if there is one. */
    public static long count(Path folder) {
        return Files.isDirectory(folder) ? files(folder, SUFFIX).size() : 0;
    }

    private static List<Path> files(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException("listing " + folder, failed);
        }
    }
}

package dev.perennial.aws;

import dev.perennial.core.store.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A folder in the function's temporary storage, gone when it is closed. */
public final class Workspace implements AutoCloseable {
    private final Path folder;

    /**
     * Makes the folder.
     *
     * @param purpose begins its name
     */
    public Workspace(String purpose) {
        try {
            folder = Files.createTempDirectory(purpose);
        } catch (IOException failed) {
            throw new UncheckedIOException("making a temporary folder", failed);
        }
    }

    public Path folder() {
        return folder;
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    /** Of a file in it. */
    public Digest digest(Path file) {
        try {
            return Digest.of(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("reading " + file, failed);
        }
    }

    /** Deletes a file before the others. */
    public void release(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting " + file, failed);
        }
    }

    @Override
    public void close() {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(this::release);
        } catch (IOException failed) {
            throw new UncheckedIOException("deleting " + folder, failed);
        }
    }
}

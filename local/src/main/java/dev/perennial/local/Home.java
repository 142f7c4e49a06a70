package dev.perennial.local;

import dev.perennial.local.live.LiveFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder that holds the local cloud's state. One process at a time; the system frees the lock
 * of one that dies.
 */
public final class Home implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;
    private final Path packages;

    private Home(Path folder, FileChannel lock, Path packages) {
        this.folder = folder;
        this.lock = lock;
        this.packages = packages;
    }

    /**
     * Takes the folder, making it if needed.
     *
     * @throws HomeInUseException if another process has it
     */
    public static Home take(Path folder) {
        return take(folder, folder.resolve("packages"));
    }

    /**
     * Takes the folder, making it if needed.
     *
     * @param packages where zips are unpacked; several homes may share it
     * @throws HomeInUseException if another process has it
     */
    public static Home take(Path folder, Path packages) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            try {
                FileLock taken = channel.tryLock();
                if (taken != null) {
                    return new Home(folder.toAbsolutePath(), channel, packages.toAbsolutePath());
                }
            } catch (OverlappingFileLockException sameProcess) {
                // said below
            }
            channel.close();
            throw new HomeInUseException(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "using %s: %s".formatted(folder, failed.getMessage()), failed);
        }
    }

    Path s3() {
        return folder.resolve("s3");
    }

    Path dynamoDb() {
        return folder.resolve("dynamodb");
    }

    Path packages() {
        return packages;
    }

    LiveFiles live() {
        return LiveFiles.of(folder);
    }

    public Path logs() {
        return live().logs();
    }

    /** Where a run's files go unless the caller says otherwise. */
    public Path run(String run) {
        return folder.resolve("runs").resolve(run);
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("releasing " + folder, failed);
        }
    }
}

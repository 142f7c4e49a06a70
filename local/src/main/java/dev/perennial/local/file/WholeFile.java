package dev.perennial.local.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is only ever replaced as a whole: whoever reads it, at any time and also after a kill
 * or on a full disk, finds what it had before or what it has now.
 */
public final class WholeFile {
    private WholeFile() {}

    /** What a file is to have. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces the file, or makes it and its folder.
     *
     * @throws UncheckedIOException if the new one can't be written; the old one is still there
     */
    public static void replace(Path file, Content content) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
                content.writeTo(out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            delete(unfinished, failed);
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    /** Half a file would hold on to a full disk's last bytes. */
    private static void delete(Path unfinished, IOException cause) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException failed) {
            cause.addSuppressed(failed);
        }
    }
}

package dev.perennial.local.file;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines that only grows. A kill or a full disk can leave half a line in it, which stays a
 * line of its own: whoever reads the file has to do without it.
 */
public final class LineFile {
    private LineFile() {}

    /**
     * Appends in one write, also on an interrupted thread; makes the file and its folder if needed.
     *
     * @param lines whole ones, each with its end
     * @throws UncheckedIOException if they can't be written, or not all of them
     */
    public static void append(Path file, byte[] lines) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            byte[] content = endsWithin(file) ? behindALineEnd(lines) : lines;
            try (OutputStream out = // Files.write would write 8 KB at a time
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(content);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("writing " + file, failed);
        }
    }

    /** Whether a line has no end. */
    private static boolean endsWithin(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            long length = content.length();
            if (length == 0) {
                return false;
            }
            content.seek(length - 1);
            return content.read() != '\n';
        }
    }

    private static byte[] behindALineEnd(byte[] lines) {
        byte[] content = new byte[lines.length + 1];
        content[0] = '\n';
        System.arraycopy(lines, 0, content, 1, lines.length);
        return content;
    }
}

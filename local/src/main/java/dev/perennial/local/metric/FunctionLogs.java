package dev.perennial.local.metric;

import dev.perennial.core.json.Json;
import dev.perennial.local.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Follows the functions' log files: gives each new line once, also across restarts. Functions write
 * to these files themselves, so what a function printed before it answered is there when it has
 * answered.
 */
public final class FunctionLogs {
    private static final String SUFFIX = ".log";
    private static final int CHUNK = 1 << 20;

    private final Path folder;
    private final List<String> functions;
    private final Path positions;
    private final BiConsumer<String, String> lines;
    private final Map<String, Long> read = new TreeMap<>();

    /** What the file of positions holds: bytes read of each function's log. */
    record Positions(Map<String, Long> read) {}

    /**
     * Follows.
     *
     * @param folder of the logs, {@code <LogicalId>.log} each
     * @param functions logical ids
     * @param positions the file that remembers how far each was read
     * @param lines gets a function's logical id and a line of its log
     */
    public FunctionLogs(
            Path folder, List<String> functions, Path positions, BiConsumer<String, String> lines) {
        this.folder = folder;
        this.functions = List.copyOf(functions);
        this.positions = positions;
        this.lines = lines;
        if (Files.exists(positions)) {
            try {
                read.putAll(
                        Json.read(
                                        positions.toString(),
                                        Files.readAllBytes(positions),
                                        Positions.class)
                                .read());
            } catch (IOException failed) {
                throw new UncheckedIOException("reading " + positions, failed);
            }
        }
    }

    /** Gives what was written since the last time. */
    public synchronized void follow() {
        boolean moved = false;
        for (String function : functions) {
            Path log = folder.resolve(function + SUFFIX);
            try {
                moved |= Files.exists(log) && follow(function, log);
            } catch (IOException failed) {
                throw new UncheckedIOException("reading " + log, failed);
            }
        }
        if (moved) {
            remember();
        }
    }

    private boolean follow(String function, Path log) throws IOException {
        long from = read.getOrDefault(function, 0L);
        long size = Files.size(log);
        if (size < from) {
            from = 0; // somebody emptied it
        }
        if (size == from) {
            return false;
        }
        long position = from;
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            int room = CHUNK;
            while (position < size) {
                channel.position(position);
                byte[] content = read(channel, (int) Math.min(room, size - position));
                int end = lastLineEnd(content);
                if (end == 0 && position + content.length < size) {
                    room *= 2; // a line longer than that
                } else if (end == 0) {
                    break; // a line that isn't yet whole
                } else {
                    position += end;
                    give(function, new String(content, 0, end, StandardCharsets.UTF_8));
                }
            }
        }
        read.put(function, position);
        return position != from;
    }

    private static byte[] read(SeekableByteChannel channel, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // again, until it is full
        }
        byte[] content = new byte[buffer.position()];
        buffer.flip().get(content);
        return content;
    }

    private static int lastLineEnd(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private void give(String function, String text) {
        try (Stream<String> each = text.lines()) {
            each.forEach(line -> lines.accept(function, line));
        }
    }

    private void remember() {
        WholeFile.replace(positions, out -> out.write(Json.pretty(new Positions(read))));
    }
}

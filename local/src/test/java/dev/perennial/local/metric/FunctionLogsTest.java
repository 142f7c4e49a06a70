package dev.perennial.local.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionLogsTest {
    @TempDir Path folder;
    private final List<String> lines = new ArrayList<>();

    private FunctionLogs logs() {
        return new FunctionLogs(
                folder,
                List.of("F", "G"),
                folder.resolve("state/positions.json"),
                (function, line) -> lines.add(function + " " + line));
    }

    private void write(String function, String text) throws IOException {
        Files.writeString(
                folder.resolve(function + ".log"),
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    void eachLine_isGivenOnce_whenItIsWhole_alsoAcrossRestarts() throws IOException {
        FunctionLogs logs = logs();
        logs.follow();
        write("F", "a\nä");
        write("G", "c\n");
        logs.follow();
        logs.follow();
        write("F", "b\n");

        logs().follow();

        assertEquals(List.of("F a", "G c", "F äb"), lines);
    }

    @Test
    void emptiedLog_isReadFromItsStart() throws IOException {
        FunctionLogs logs = logs();
        write("F", "long line\n");
        logs.follow();
        Files.writeString(folder.resolve("F.log"), "new\n");

        logs.follow();

        assertEquals(List.of("F long line", "F new"), lines);
    }

    @Test
    void lineLongerThanAChunk_isWhole() throws IOException {
        String line = "x".repeat(3 << 20);
        write("F", "a\n" + line + "\nb\n");

        logs().follow();

        assertEquals(List.of("F a", "F " + line, "F b"), lines);
    }

    @Test
    void fullDisk_leavesThePositionsAsTheyWere() throws IOException {
        FunctionLogs logs = logs();
        write("F", "a\n");
        logs.follow();
        Path unfinished = folder.resolve("state/positions.json.unfinished");
        Files.createSymbolicLink(unfinished, Path.of("/dev/full"));
        write("F", "b\n");

        assertThrows(UncheckedIOException.class, logs::follow);

        assertFalse(Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS));
        logs().follow(); // of a process that wasn't told of the second line
        assertEquals(List.of("F a", "F b", "F b"), lines);
    }
}

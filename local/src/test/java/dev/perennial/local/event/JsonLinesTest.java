package dev.perennial.local.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("new/lines.jsonl");
    }

    @Test
    void eachValue_isALine() throws IOException {
        assertEquals(0, new JsonLines(file).count());

        new JsonLines(file).append(Map.of("a", "ä\n"));
        new JsonLines(file).append(List.of());

        assertEquals(List.of("{\"a\":\"ä\\n\"}", "[]"), Files.readAllLines(file));
        assertEquals(2, new JsonLines(file).count());
    }

    /** Also one that ends within a character. */
    @Test
    void lineBehindAHalfOne_isALineOfItsOwn() throws IOException {
        new JsonLines(file).append("ä");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 2));

        JsonLines next = new JsonLines(file);
        next.append("b");
        next.append("c");

        assertEquals(3, next.count());
        assertEquals(
                List.of("\"b\"", "\"c\""),
                Files.readAllLines(file, StandardCharsets.ISO_8859_1).subList(1, 3));
    }

    @Test
    void interruptedThread_appends() {
        JsonLines lines = new JsonLines(file);
        lines.append(1);

        Thread.currentThread().interrupt();
        lines.append(2);

        assertTrue(Thread.interrupted());
        assertEquals(2, lines.count());
    }
}

package dev.perennial.local.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFilesTest {
    private record Kept(String body) {}

    @TempDir Path folder;

    @Test
    void whatIsKept_isThereForTheNextProcess_oldestFirst_untilItIsRemoved() throws IOException {
        PendingFiles files = new PendingFiles(folder);
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (String name : List.of("b", "c", "a")) {
            files.keep(name, new Kept("of " + name));
            Files.setLastModifiedTime(folder.resolve(name + ".json"), FileTime.from(now));
            now = now.plusNanos(1_000);
        }
        files.remove("c");
        Incidents incidents =
                new Incidents(folder.resolve("incidents.jsonl"), InstantSource.system());

        PendingFiles next = new PendingFiles(folder);

        assertEquals(
                List.of(new Kept("of b"), new Kept("of a")),
                List.copyOf(next.all(Kept.class, incidents).values()));
        assertEquals(2, PendingFiles.count(folder));
        assertEquals(0, PendingFiles.count(folder.resolve("nowhere")));
    }

    @Test
    void fileThatCannotBeRead_isPutAside_andStopsNobody() throws IOException {
        Incidents incidents =
                new Incidents(folder.resolve("incidents.jsonl"), InstantSource.system());
        new PendingFiles(folder).keep("good", new Kept("x"));
        Files.writeString(folder.resolve("empty.json"), "");
        Files.writeString(folder.resolve("half.unfinished"), "{");

        PendingFiles next = new PendingFiles(folder);

        assertEquals(1, next.all(Kept.class, incidents).size());
        assertEquals(1, incidents.lost());
        assertTrue(Files.exists(folder.resolve("empty.unreadable")));
        assertFalse(Files.exists(folder.resolve("half.unfinished")));
    }
}

package dev.perennial.local.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingJournalTest {
    private record Kept(String body) {}

    @TempDir Path folder;
    private Path file;
    private Incidents incidents;

    @BeforeEach
    void file() {
        file = PendingJournal.file(folder.resolve("new"), "orders");
        incidents = new Incidents(folder.resolve("incidents.jsonl"), InstantSource.system());
    }

    /** Not closed by those who play a killed process. */
    private PendingJournal<Kept> open() {
        return new PendingJournal<>(file, Kept.class, incidents);
    }

    @Test
    void whatIsKept_isThereForTheNextProcess_inItsOrder_untilItIsRemoved() {
        PendingJournal<Kept> killed = open();
        for (String name : List.of("b", "c", "a")) {
            killed.keep(name, new Kept("of " + name + " \n é"));
        }
        killed.remove("c");
        killed.remove("never there");
        killed.keep("b", new Kept("of b, again"));
        assertEquals(2, PendingJournal.count(file));

        try (PendingJournal<Kept> next = open()) {
            assertEquals(
                    List.of(
                            Map.entry("b", new Kept("of b, again")),
                            Map.entry("a", new Kept("of a \n é"))),
                    List.copyOf(next.all().entrySet()));
            assertEquals(2, PendingJournal.count(file));
        }
        assertEquals(0, PendingJournal.count(folder.resolve("nowhere")));
        assertEquals("orders", PendingJournal.name(file).orElseThrow());
        assertTrue(PendingJournal.name(folder.resolve("orders.unfinished")).isEmpty());
    }

    @Test
    void killAtAnyByte_losesNothingThatWasAnswered() throws IOException {
        PendingJournal<Kept> writer = open();
        Map<Long, Map<String, Kept>> answered = new LinkedHashMap<>();
        for (int step = 0; step < 6; step++) {
            answered.put(Files.size(file), writer.all());
            if (step == 3) {
                writer.remove("1");
            } else {
                writer.keep(Integer.toString(step % 4), new Kept("é " + step));
            }
        }
        answered.put(Files.size(file), writer.all());
        writer.close();
        byte[] content = Files.readAllBytes(file);

        Map<String, Kept> expected = Map.of();
        for (int length = 0; length <= content.length; length++) {
            expected = answered.getOrDefault((long) length, expected);
            Files.write(file, Arrays.copyOf(content, length));
            try (PendingJournal<Kept> next = open()) {
                assertEquals(expected, next.all(), "killed after %d bytes".formatted(length));
            }
        }
        assertEquals(0, incidents.lost());
    }

    @Test
    void lineThatCannotBeRead_isKeptAmongIncidents_andStopsNobody() throws IOException {
        try (PendingJournal<Kept> writer = open()) {
            writer.keep("good", new Kept("x"));
        }
        Files.writeString(file, "bad {\"body\": 1}\n", StandardOpenOption.APPEND);
        Files.writeString(file, "better {\"body\": \"y\"}\n", StandardOpenOption.APPEND);

        try (PendingJournal<Kept> next = open()) {
            assertEquals(List.of("good", "better"), List.copyOf(next.all().keySet()));
        }
        try (PendingJournal<Kept> later = open()) {
            assertEquals(2, later.all().size());
        }
        assertEquals(1, incidents.lost());
        String incident = Files.readString(folder.resolve("incidents.jsonl"));
        assertTrue(incident.contains("orders.journal line 2"), incident);
        assertTrue(incident.contains("bad {\\\"body\\\": 1}"), incident);
    }

    @Test
    void file_staysSmall_whileMuchPassesThrough() throws IOException {
        Random random = new Random(7);
        Map<String, Kept> expected = new LinkedHashMap<>();
        String large = "x".repeat(10_000);
        long largest = 0;
        try (PendingJournal<Kept> writer = open()) {
            for (int message = 0; message < 2_000; message++) {
                String name = "m" + message;
                writer.keep(name, new Kept(large + message));
                expected.put(name, new Kept(large + message));
                while (expected.size() > 10) {
                    String done = List.copyOf(expected.keySet()).get(random.nextInt(10));
                    writer.remove(done);
                    expected.remove(done);
                }
                largest = Math.max(largest, Files.size(file));
            }
            assertEquals(expected, writer.all());
        }
        try (PendingJournal<Kept> next = open()) {
            assertEquals(expected, next.all());
        }
        assertTrue(largest < 1_200_000, "%,d bytes at most".formatted(largest));
    }

    @Test
    void interruptedThread_keepsAndRemoves_andLeavesTheJournalUsable() {
        PendingJournal<Kept> killed = open();
        killed.keep("first", new Kept("x"));
        killed.keep("done", new Kept("x"));

        Thread.currentThread().interrupt();
        killed.keep("second", new Kept("x"));
        killed.remove("done");
        assertTrue(Thread.interrupted());
        killed.keep("third", new Kept("x"));

        try (PendingJournal<Kept> next = open()) {
            assertEquals(List.of("first", "second", "third"), List.copyOf(next.all().keySet()));
        }
    }

    @Test
    void noRoomForANewFile_goesOnInTheOldOne_andLeavesNoHalfFile() throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        PendingJournal<Kept> killed = open();
        killed.keep("large", new Kept("x".repeat(1 << 20)));
        killed.remove("large");
        killed.keep("small", new Kept("x"));
        killed.keep("larger", new Kept("x".repeat(1 << 20)));
        Files.createSymbolicLink(unfinished, Path.of("/dev/full"));

        killed.keep("last", new Kept("x"));

        assertFalse(Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS));
        try (PendingJournal<Kept> next = open()) {
            assertEquals(List.of("small", "larger", "last"), List.copyOf(next.all().keySet()));
        }
    }
}

package dev.perennial.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.perennial.core.store.ArtifactStore.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ArtifactStore} must do. An implementation's test extends it. */
public abstract class ArtifactStoreContract {
    private static final byte[] BYTES = "content".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHERS = "another".getBytes(StandardCharsets.UTF_8);
    private static final String TEXT = "text/plain";

    @TempDir private Path folder;
    private ArtifactStore store;

    /** An empty store, another one at each call. */
    protected abstract ArtifactStore newStore();

    /** Changes stored bytes behind the back of the store that {@link #newStore} gave last. */
    protected abstract void overwriteBehindItsBack(String key, byte[] content);

    /** Deletes an object behind the store's back. */
    protected abstract void deleteBehindItsBack(String key);

    @BeforeEach
    final void makeStore() {
        store = newStore();
    }

    @Test
    void put_isReadBack_withItsDigestAndSize() {
        ArtifactRef stored = store.put("runs/r1/train/model.onnx", BYTES, TEXT);

        assertEquals(
                new ArtifactRef("runs/r1/train/model.onnx", Digest.of(BYTES), BYTES.length, TEXT),
                stored);
        assertArrayEquals(BYTES, store.read(stored));
    }

    @Test
    void put_fromAFile_isTheSameAsFromBytes() throws IOException {
        Path file = Files.write(folder.resolve("source"), BYTES);

        ArtifactRef stored = store.put("a/b", file, TEXT);

        assertEquals(stored, store.put("a/b", BYTES, TEXT));
        assertArrayEquals(BYTES, store.read(stored));
    }

    @Test
    void put_ofNothing_isReadBackAsNothing() {
        assertEquals(0, store.read(store.put("a/empty", new byte[0], TEXT)).length);
    }

    @Test
    void put_ofTheSameBytesAgain_isHarmless() {
        assertEquals(store.put("a/b", BYTES, TEXT), store.put("a/b", BYTES, TEXT));
    }

    @Test
    void put_ofOtherBytes_conflicts_andChangesNothing() throws IOException {
        ArtifactRef first = store.put("a/b", BYTES, TEXT);
        Path file = Files.write(folder.resolve("other"), OTHERS);

        assertThrows(ArtifactConflictException.class, () -> store.put("a/b", OTHERS, TEXT));
        assertThrows(ArtifactConflictException.class, () -> store.put("a/b", file, TEXT));

        assertArrayEquals(BYTES, store.read(first));
    }

    @Test
    void put_byManyAtOnce_letsOneWin() throws InterruptedException {
        List<Future<ArtifactRef>> puts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 20)
                    .forEach(i ->
                            puts.add(
                                    threads.submit(
                                            () -> store.put("a/b", new byte[] {(byte) i}, TEXT))));
        }
        List<ArtifactRef> won = new ArrayList<>();
        for (Future<ArtifactRef> put : puts) {
            try {
                won.add(put.get());
            } catch (ExecutionException lost) {
                assertEquals(ArtifactConflictException.class, lost.getCause().getClass());
            }
        }

        assertEquals(1, won.size());
        assertEquals(won.getFirst().sha256(), Digest.of(store.read(won.getFirst())));
    }

    @Test
    void whatTheCallerDoesToItsBytesLater_changesNothing() {
        byte[] mine = BYTES.clone();
        ArtifactRef stored = store.put("a/b", mine, TEXT);
        mine[0] = 0;
        store.read(stored)[1] = 0;

        assertArrayEquals(BYTES, store.read(stored));
    }

    @Test
    void fetch_writesTheFile_replacingWhatWasThere() throws IOException {
        ArtifactRef stored = store.put("a/b", BYTES, TEXT);
        Path target = Files.writeString(folder.resolve("target"), "something much longer before");

        store.fetch(stored, target);

        assertArrayEquals(BYTES, Files.readAllBytes(target));
    }

    @Test
    void missingArtifact_isSaidToBeMissing() {
        ArtifactRef never = new ArtifactRef("a/never", Digest.of(BYTES), BYTES.length, TEXT);
        ArtifactRef deleted = store.put("a/deleted", BYTES, TEXT);
        deleteBehindItsBack("a/deleted");

        for (ArtifactRef each : List.of(never, deleted)) {
            assertThrows(ArtifactMissingException.class, () -> store.read(each));
            assertThrows(
                    ArtifactMissingException.class,
                    () -> store.fetch(each, folder.resolve("missing")));
        }
    }

    @Test
    void changedBytes_areNoticed_evenOfTheSameLength() {
        ArtifactRef stored = store.put("a/b", BYTES, TEXT);
        for (byte[] changed :
                List.of(OTHERS, new byte[0], "content and more".getBytes(StandardCharsets.UTF_8))) {
            overwriteBehindItsBack("a/b", changed);

            assertThrows(ArtifactCorruptedException.class, () -> store.read(stored));
            assertThrows(
                    ArtifactCorruptedException.class,
                    () -> store.fetch(stored, folder.resolve("corrupted")));
        }
    }

    @Test
    void list_isSorted_andHoldsThePrefixOnly() {
        for (String key : List.of("a/c", "a/B", "a/b/2", "a/b/10", "ab/x", "b/a")) {
            store.put(key, BYTES, TEXT);
        }

        assertEquals(
                List.of("a/B", "a/b/10", "a/b/2", "a/c"),
                store.list("a/").stream().map(StoredObject::key).toList());
        assertEquals(BYTES.length, store.list("a/").getFirst().size());
        assertEquals(List.of(), store.list("z/"));
    }

    @Test
    void list_isWhole_wherePagesEnd() {
        for (int i = 0; i < 1_050; i++) {
            store.put("many/%04d".formatted(i), new byte[] {1}, TEXT);
        }

        assertEquals(
                IntStream.range(0, 1_050).mapToObj("many/%04d"::formatted).toList(),
                store.list("many/").stream().map(StoredObject::key).toList());
    }

    @Test
    void adopt_bringsAnObjectNobodyWroteDown_andItsDigest() throws IOException {
        store.replace("store/source/day.csv", BYTES, "text/csv");
        Path target = folder.resolve("day.csv");

        ArtifactRef adopted =
                store.adopt(store.list("store/source/").getFirst(), "text/csv", target);

        assertEquals(
                new ArtifactRef("store/source/day.csv", Digest.of(BYTES), BYTES.length, "text/csv"),
                adopted);
        assertArrayEquals(BYTES, Files.readAllBytes(target));
        assertArrayEquals(BYTES, store.read(adopted));
    }

    @Test
    void adopt_ofWhatIsGone_isSaidToBeMissing() {
        assertThrows(
                ArtifactMissingException.class,
                () ->
                        store.adopt(
                                new StoredObject("store/gone.csv", 3),
                                "text/csv",
                                folder.resolve("x")));
    }

    @Test
    void replace_changesWhatIsMeantToChange() {
        assertEquals(Optional.empty(), store.current("pipelines/p/spec.yaml"));

        store.replace("pipelines/p/spec.yaml", BYTES, TEXT);
        store.replace("pipelines/p/spec.yaml", OTHERS, TEXT);

        assertArrayEquals(OTHERS, store.current("pipelines/p/spec.yaml").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                "../a",
                "a/../b",
                "a/..",
                "a/./b",
                ".hidden",
                "a/.hidden",
                "a\\b",
                "a b",
                "a\nb",
                "a\0b",
                "a%2e%2e/b",
                "ä",
                "a?b",
                "a#b",
                "~/a",
            })
    void hostileKey_isRefused_andNothingIsStored(String key) throws IOException {
        Path file = Files.write(folder.resolve("source"), BYTES);

        assertThrows(IllegalArgumentException.class, () -> store.put(key, BYTES, TEXT));
        assertThrows(IllegalArgumentException.class, () -> store.put(key, file, TEXT));
        assertThrows(IllegalArgumentException.class, () -> store.replace(key, BYTES, TEXT));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ArtifactRef(key, Digest.of(BYTES), 1, TEXT));
        assertEquals(List.of(), store.list(""));
    }

    @Test
    void keyOfTooManyCharacters_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> store.put("a".repeat(901), BYTES, TEXT));
        assertNotEquals(null, store.put("a".repeat(200), BYTES, TEXT));
        assertTrue(store.list("").size() == 1);
    }
}

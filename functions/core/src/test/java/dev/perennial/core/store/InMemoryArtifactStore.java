package dev.perennial.core.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** An artifact store that forgets, for tests. */
public final class InMemoryArtifactStore implements ArtifactStore {
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public ArtifactRef put(String key, byte[] content, String mediaType) {
        Digest offered = Digest.of(content);
        ArtifactRef stored = new ArtifactRef(Keys.check(key), offered, content.length, mediaType);
        byte[] present = objects.putIfAbsent(key, content.clone());
        if (present != null && !Digest.of(present).equals(offered)) {
            throw new ArtifactConflictException(key, offered, Digest.of(present).abbreviated());
        }
        return stored;
    }

    @Override
    public ArtifactRef put(String key, Path file, String mediaType) {
        try {
            return put(key, Files.readAllBytes(file), mediaType);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public byte[] read(ArtifactRef artifact) {
        byte[] content = present(artifact.key());
        Digest found = Digest.of(content);
        if (!found.equals(artifact.sha256())) {
            throw new ArtifactCorruptedException(artifact, found);
        }
        return content;
    }

    @Override
    public void fetch(ArtifactRef artifact, Path target) {
        write(target, read(artifact));
    }

    @Override
    public List<StoredObject> list(String prefix) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new StoredObject(entry.getKey(), entry.getValue().length))
                .toList();
    }

    @Override
    public ArtifactRef adopt(StoredObject object, String mediaType, Path target) {
        byte[] content = present(object.key());
        write(target, content);
        return new ArtifactRef(object.key(), Digest.of(content), content.length, mediaType);
    }

    @Override
    public Optional<byte[]> current(String key) {
        return Optional.ofNullable(objects.get(key)).map(byte[]::clone);
    }

    @Override
    public void replace(String key, byte[] content, String mediaType) {
        objects.put(Keys.check(key), content.clone());
    }

    /** An object as somebody else may leave it there, under any key. */
    public void place(String key, byte[] content) {
        objects.put(key, content.clone());
    }

    public void delete(String key) {
        objects.remove(key);
    }

    private byte[] present(String key) {
        byte[] content = objects.get(key);
        if (content == null) {
            throw new ArtifactMissingException(key);
        }
        return content.clone();
    }

    private static void write(Path target, byte[] content) {
        try {
            Files.write(target, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

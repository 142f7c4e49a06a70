package dev.perennial.ingest;

import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose user is killed before one of its writes. */
final class DyingStore implements ArtifactStore {
    private final ArtifactStore store;
    private final AtomicInteger left;

    /** As a process that is killed would: nothing of its catches it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /**
     * @param writes that succeed
     */
    DyingStore(ArtifactStore store, int writes) {
        this.store = store;
        this.left = new AtomicInteger(writes);
    }

    private void write() {
        if (left.getAndDecrement() <= 0) {
            throw new Killed();
        }
    }

    @Override
    public ArtifactRef put(String key, byte[] content, String mediaType) {
        write();
        return store.put(key, content, mediaType);
    }

    @Override
    public ArtifactRef put(String key, Path file, String mediaType) {
        write();
        return store.put(key, file, mediaType);
    }

    @Override
    public void replace(String key, byte[] content, String mediaType) {
        write();
        store.replace(key, content, mediaType);
    }

    @Override
    public byte[] read(ArtifactRef artifact) {
        return store.read(artifact);
    }

    @Override
    public void fetch(ArtifactRef artifact, Path target) {
        store.fetch(artifact, target);
    }

    @Override
    public List<StoredObject> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public ArtifactRef adopt(StoredObject object, String mediaType, Path target) {
        return store.adopt(object, mediaType, target);
    }

    @Override
    public Optional<byte[]> current(String key) {
        return store.current(key);
    }
}

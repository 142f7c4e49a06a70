package dev.perennial.core.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Stores artifacts create-only and reads them digest-checked. */
public interface ArtifactStore {
    /**
     * Stores bytes under a new key. The same bytes under the same key again are no error, so that a
     * retried step is harmless.
     *
     * @throws ArtifactConflictException if other bytes are there already
     */
    ArtifactRef put(String key, byte[] content, String mediaType);

    /** As {@link #put(String, byte[], String)}, from a file. */
    ArtifactRef put(String key, Path file, String mediaType);

    /**
     * Reads an artifact whole.
     *
     * @throws ArtifactMissingException if it is not there
     * @throws ArtifactCorruptedException if its bytes are not those that were stored
     */
    byte[] read(ArtifactRef artifact);

    /** As {@link #read}, into a file that is made or replaced. */
    void fetch(ArtifactRef artifact, Path target);

    /** Keys and sizes under a prefix, sorted by key. */
    List<StoredObject> list(String prefix);

    /**
     * Brings an object whose digest nobody wrote down yet, such as a user's data file, and writes
     * it down.
     */
    ArtifactRef adopt(StoredObject object, String mediaType, Path target);

    /** The present bytes of an object that is meant to change, such as a pipeline's spec. */
    Optional<byte[]> current(String key);

    /** Replaces an object that is meant to change. */
    void replace(String key, byte[] content, String mediaType);

    /**
     * An object as a listing shows it.
     *
     * @param size in bytes
     */
    record StoredObject(String key, long size) {}
}

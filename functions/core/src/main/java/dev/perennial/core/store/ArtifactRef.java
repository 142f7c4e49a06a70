package dev.perennial.core.store;

import java.util.Objects;

/**
 * An immutable stored object, with what it takes to notice that it changed.
 *
 * @param key within the store
 * @param size in bytes
 * @param mediaType such as {@code application/json}
 */
public record ArtifactRef(String key, Digest sha256, long size, String mediaType) {
    public ArtifactRef {
        Keys.check(key);
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(mediaType, "mediaType");
        if (size < 0) {
            throw new IllegalArgumentException("size of " + key + " is " + size);
        }
    }

    /** The part behind the last slash. */
    public String fileName() {
        return key.substring(key.lastIndexOf('/') + 1);
    }
}

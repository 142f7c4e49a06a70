package dev.perennial.core.snapshot;

import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;

/**
 * An immutable training set.
 *
 * @param manifest says which files, window and spec made it; its digest is the snapshot's identity
 * @param data the rows, sorted by event time
 * @param rows how many; decides which machine trains
 */
public record SnapshotRef(ArtifactRef manifest, ArtifactRef data, long rows) {
    public Digest digest() {
        return manifest.sha256();
    }
}

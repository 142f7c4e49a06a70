package dev.perennial.ingest;

import dev.perennial.core.feature.Inbox;
import dev.perennial.core.store.InMemoryArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that arrive in the store in memory. */
final class ArtifactInbox implements Inbox {
    private final InMemoryArtifactStore store;

    ArtifactInbox(InMemoryArtifactStore store) {
        this.store = store;
    }

    @Override
    public boolean fetch(Arrival arrival, Path target) {
        Optional<byte[]> content = store.current(arrival.key());
        try {
            if (content.isPresent()) {
                Files.write(target, content.get());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return content.isPresent();
    }

    @Override
    public void remove(Arrival arrival) {
        store.delete(arrival.key());
    }

    boolean holds(String key) {
        return store.current(key).isPresent();
    }
}

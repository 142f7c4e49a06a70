package dev.perennial.ingest;

import dev.perennial.core.feature.Inbox.Arrival;
import dev.perennial.core.json.Json;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where files lie that can't be used, each with its reason beside it. */
final class Quarantine {
    private final ArtifactStore artifacts;

    Quarantine(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /**
     * Copies a file there. The same file again lies there once.
     *
     * @return its key
     */
    String put(String view, Arrival arrival, Path file, Digest digest, String reason) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("view", view);
        said.put("object", arrival.key());
        arrival.version().ifPresent(version -> said.put("version", version));
        said.put("reason", reason);
        String key = Keys.quarantine(view, digest, arrival.name());
        artifacts.put(key, file, "application/octet-stream");
        artifacts.replace(
                Keys.quarantine(view, digest, arrival.name() + ".reason.json"),
                Json.pretty(said),
                "application/json");
        return key;
    }
}

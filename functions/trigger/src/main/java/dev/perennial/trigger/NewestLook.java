package dev.perennial.trigger;

import dev.perennial.core.json.Json;
import dev.perennial.core.retrain.LiveLoss;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import dev.perennial.core.store.StateStore;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What the monitor's newest look found. */
final class NewestLook {
    private final StateStore monitor;
    private final ArtifactStore artifacts;

    NewestLook(StateStore monitor, ArtifactStore artifacts) {
        this.monitor = monitor;
        this.artifacts = artifacts;
    }

    /** A report of a look. */
    record Report(String key, JsonNode content) {
        /** The key of the same with pictures; empty where nothing drifts. */
        Optional<String> page() {
            return Optional.of(content.path("page").path("key").asString(""))
                    .filter(key -> !key.isEmpty());
        }
    }

    /** The newest; its name begins with its look's revision. */
    Optional<Report> report(String pipeline) {
        return monitor.present(pipeline)
                .map(look -> Keys.monitor(pipeline, "reports/%d-".formatted(look.revision())))
                .flatMap(prefix -> artifacts.list(prefix).stream().findFirst())
                .map(ArtifactStore.StoredObject::key)
                .flatMap(key ->
                        artifacts.current(key).map(json -> new Report(key, Json.tree(key, json))));
    }

    /** What the champion loses; empty before its first answer. */
    Optional<LiveLoss> loss(String pipeline) {
        return report(pipeline)
                .map(report -> report.content().path("loss"))
                .filter(JsonNode::isObject)
                .map(loss -> Json.read("loss", loss, LiveLoss.class));
    }
}

package dev.perennial.trigger;

import dev.perennial.core.json.Json;
import dev.perennial.core.monitor.MonitorStore;
import dev.perennial.core.retrain.LiveLoss;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What the monitor's newest look found. */
final class LookReports {
    private final MonitorStore monitor;
    private final ArtifactStore artifacts;

    LookReports(MonitorStore monitor, ArtifactStore artifacts) {
        this.monitor = monitor;
        this.artifacts = artifacts;
    }

    /** The key of the newest report; its name begins with its look's revision. */
    Optional<String> newest(String pipeline) {
        return monitor.present(pipeline)
                .map(look -> Keys.monitor(pipeline, "reports/%d-".formatted(look.revision())))
                .flatMap(prefix -> artifacts.list(prefix).stream().findFirst())
                .map(ArtifactStore.StoredObject::key);
    }

    /** The key of the page with pictures; empty where nothing drifts. */
    Optional<String> page(String pipeline) {
        return read(pipeline)
                .map(report -> report.path("page").path("key").asString(""))
                .filter(key -> !key.isEmpty());
    }

    /** What the champion loses; empty before its first label. */
    Optional<LiveLoss> loss(String pipeline) {
        return read(pipeline)
                .map(report -> report.path("loss"))
                .filter(JsonNode::isObject)
                .map(loss -> Json.read("loss", Json.write(loss), LiveLoss.class));
    }

    private Optional<JsonNode> read(String pipeline) {
        return newest(pipeline)
                .flatMap(key -> artifacts.current(key).map(json -> Json.tree(key, json)));
    }
}

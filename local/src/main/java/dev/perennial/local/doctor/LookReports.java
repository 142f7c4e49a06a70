package dev.perennial.local.doctor;

import dev.perennial.core.json.Json;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What looks reported, one file per look that had news: {@code reports/REVISION-DIGEST.json}. */
public final class LookReports {
    private LookReports() {}

    /** The monitor's newest of a pipeline. */
    public static Optional<JsonNode> newest(ArtifactStore artifacts, String pipeline) {
        return below(artifacts, Keys.monitor(pipeline, "reports") + "/");
    }

    /** The newest of a pipeline's probes. */
    public static Optional<JsonNode> ofProbes(ArtifactStore artifacts, String pipeline) {
        return below(artifacts, Keys.probes(pipeline, "reports") + "/");
    }

    private static Optional<JsonNode> below(ArtifactStore artifacts, String prefix) {
        return artifacts.list(prefix).stream()
                .max(
                        Comparator.comparingLong(object ->
                                Long.parseLong(
                                        object.key()
                                                .substring(prefix.length())
                                                .replaceFirst("-.*", ""))))
                .flatMap(object -> artifacts.current(object.key()))
                .map(bytes -> Json.tree("the newest report below " + prefix, bytes));
    }
}

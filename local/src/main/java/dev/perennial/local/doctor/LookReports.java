package dev.perennial.local.doctor;

import dev.perennial.core.json.Json;
import dev.perennial.core.store.ArtifactStore;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the monitor reported, one file per look that had news: {@code reports/REVISION-DIGEST.json}.
 */
public final class LookReports {
    private LookReports() {}

    /** The newest of a pipeline. */
    public static Optional<JsonNode> newest(ArtifactStore artifacts, String pipeline) {
        String prefix = "live/%s/monitor/reports/".formatted(pipeline);
        return artifacts.list(prefix).stream()
                .max(
                        Comparator.comparingLong(object ->
                                Long.parseLong(
                                        object.key()
                                                .substring(prefix.length())
                                                .replaceFirst("-.*", ""))))
                .flatMap(object -> artifacts.current(object.key()))
                .map(bytes -> Json.tree("the monitor's report", bytes));
    }
}

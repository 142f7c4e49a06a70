package dev.perennial.ingest;

import dev.perennial.aws.EmbeddedMetrics;
import dev.perennial.aws.EventBytes;
import dev.perennial.core.feature.Inbox.Arrival;
import dev.perennial.core.feature.Ingested;
import dev.perennial.core.json.Json;
import dev.perennial.core.json.MalformedJsonException;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.InvalidSpecException;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.Keys;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Takes an event of S3, "Object Created" below {@code incoming/VIEW/}; or a person's wish, {@code
 * {"view": …, "objects": [{"key": …}, …]}}, whose files become one batch, or {@code {"view": …,
 * "backfill": true}}, which puts what the offline store knows into the online store.
 */
final class IngestHandler implements Function<InputStream, byte[]> {
    private static final String INCOMING = "incoming/";

    private final ArtifactStore artifacts;
    private final Ingestion ingestion;
    private final String pipeline;
    private final EmbeddedMetrics metrics;
    private final Consumer<String> problems;
    private final InstantSource clock;

    /**
     * @param problems a line of the function's log each
     */
    IngestHandler(
            ArtifactStore artifacts,
            Ingestion ingestion,
            String pipeline,
            EmbeddedMetrics metrics,
            Consumer<String> problems,
            InstantSource clock) {
        this.artifacts = artifacts;
        this.ingestion = ingestion;
        this.pipeline = pipeline;
        this.metrics = metrics;
        this.problems = problems;
        this.clock = clock;
    }

    @Override
    public byte[] apply(InputStream event) {
        JsonNode json = Json.tree("the event", EventBytes.of(event));
        Ingested answer =
                json.has("detail-type")
                        ? created(json.path("detail").path("object"))
                        : wished(Json.read("the event", Json.write(json), Wish.class));
        tell(answer);
        return Json.write(answer);
    }

    /**
     * A person's event.
     *
     * @param objects files for one batch
     * @param backfill whether to fill the online store anew
     */
    private record Wish(
            String view, Optional<List<WishedObject>> objects, Optional<Boolean> backfill) {}

    private record WishedObject(String key, Optional<String> version) {}

    private Ingested created(JsonNode object) {
        String key = object.path("key").asString("");
        String rest = key.startsWith(INCOMING) ? key.substring(INCOMING.length()) : "";
        if (rest.indexOf('/') < 1) {
            throw new MalformedJsonException(
                    "the event",
                    "is of object '%s'; expected one below %sVIEW/".formatted(key, INCOMING),
                    new IllegalArgumentException(key));
        }
        String view = rest.substring(0, rest.indexOf('/'));
        if (key.endsWith("/")) {
            return Ingested.nothing(view); // what S3's console calls a folder
        }
        Optional<String> version = Optional.ofNullable(object.path("version-id").stringValue(null));
        List<Arrival> arrivals = List.of(new Arrival(key, version));
        try {
            return ingestion.ingest(view(view), arrivals);
        } catch (NoViewException | InvalidSpecException unknown) {
            return ingestion.reject(view, arrivals, String.valueOf(unknown.getMessage()));
        }
    }

    private Ingested wished(Wish wish) {
        FeatureView view = view(wish.view());
        if (wish.backfill().orElse(false)) {
            return ingestion.backfill(view);
        }
        List<Arrival> arrivals = new ArrayList<>();
        wish.objects()
                .orElse(List.of())
                .forEach(object -> arrivals.add(new Arrival(object.key(), object.version())));
        return ingestion.ingest(view, arrivals);
    }

    private FeatureView view(String name) {
        String key = viewKey(name);
        FeatureView view =
                SpecReader.view(
                        key,
                        new String(
                                artifacts
                                        .current(key)
                                        .orElseThrow(() -> new NoViewException(name, key)),
                                StandardCharsets.UTF_8));
        if (!view.name().equals(name)) {
            throw new NoViewException(name + " (the view found is " + view.name() + ")", key);
        }
        return view;
    }

    private static String viewKey(String name) {
        try {
            return Keys.view(name);
        } catch (IllegalArgumentException unusual) {
            throw new NoViewException(name, "store/VIEW/view.yaml");
        }
    }

    private void tell(Ingested answer) {
        Instant now = clock.instant();
        Map<String, Double> counts = new LinkedHashMap<>();
        counts.put("IngestedRows", answer.fresh() ? (double) answer.rows() : 0);
        counts.put("LeftOutRows", answer.fresh() ? (double) answer.badRows() : 0);
        counts.put("QuarantinedFiles", (double) answer.rejected().size());
        metrics.put(now, Map.of("pipeline", pipeline), counts);
        answer.rejected()
                .forEach(file ->
                        problems.accept(
                                "FILE_QUARANTINED view=%s file=%s: its reason lies beside it at %s"
                                        .formatted(answer.view(), file.file(), file.quarantine())));
    }
}

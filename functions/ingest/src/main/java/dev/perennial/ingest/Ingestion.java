package dev.perennial.ingest;

import dev.perennial.aws.Workspace;
import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.Batch.Part;
import dev.perennial.core.feature.Batch.SourceFile;
import dev.perennial.core.feature.Inbox;
import dev.perennial.core.feature.Inbox.Arrival;
import dev.perennial.core.feature.Ingested;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.AtOnce;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.BadRow;
import dev.perennial.core.table.UnreadableDataException;
import dev.perennial.parquet.BatchWriter;
import dev.perennial.parquet.BatchWriter.DayFile;
import dev.perennial.parquet.BatchWriter.Written;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes files into the feature store as one batch.
 *
 * <p>The rows are written first, by day and under names made from their content; then the manifest
 * makes all of them visible; then the online store gets the newest; then the files are taken away.
 * Whatever breaks off in between is done when the files come again: what is visible already is not
 * written a second time.
 */
final class Ingestion {
    private final ArtifactStore artifacts;
    private final OfflineStore offline;
    private final Publication publication;
    private final Inbox inbox;
    private final Quarantine quarantine;
    private final InstantSource clock;

    Ingestion(ArtifactStore artifacts, OnlineStore online, Inbox inbox, InstantSource clock) {
        this.artifacts = artifacts;
        this.offline = new OfflineStore(artifacts);
        this.publication = new Publication(offline, online);
        this.inbox = inbox;
        this.quarantine = new Quarantine(artifacts);
        this.clock = clock;
    }

    /** Takes files in. */
    Ingested ingest(FeatureView view, List<Arrival> arrivals) {
        try (Workspace workspace = new Workspace("ingest");
                Intake intake = new Intake(view, workspace)) {
            arrivals.forEach(intake::take);
            Optional<Batch> batch = intake.batch();
            int online = 0;
            for (Batch unfinished : intake.batches(batch)) {
                online += publish(view, unfinished, intake);
            }
            intake.taken().forEach(inbox::remove);
            offline.index(view.name());
            return intake.answer(batch, online);
        }
    }

    /** Puts files aside that nothing can take. */
    Ingested reject(String view, List<Arrival> arrivals, String reason) {
        List<Ingested.Rejected> rejected = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        try (Workspace workspace = new Workspace("reject")) {
            for (Arrival arrival : arrivals) {
                Path file = workspace.file("arrived");
                if (!inbox.fetch(arrival, file)) {
                    gone.add(arrival.name());
                    continue;
                }
                String key = quarantine.put(view, arrival, file, workspace.digest(file), reason);
                rejected.add(new Ingested.Rejected(arrival.name(), reason, key));
                inbox.remove(arrival);
            }
        }
        return new Ingested(
                view, Optional.empty(), false, 0, 0, 0, 0, 0, List.of(), gone, rejected);
    }

    /** Fills the online store with what the offline store knows, as after it was lost. */
    Ingested backfill(FeatureView view) {
        int online = 0;
        long rows = 0;
        List<Batch> batches = offline.batches(view.name());
        for (Batch batch : batches) {
            online += publication.publish(view, batch, clock.instant(), Map.of());
            rows += batch.rows();
        }
        return new Ingested(
                view.name(),
                Optional.empty(),
                false,
                rows,
                0,
                0,
                0,
                online,
                List.of(),
                List.of(),
                List.of());
    }

    /** Puts what the batch has into the online store, unless it is there. */
    private int publish(FeatureView view, Batch batch, Intake intake) {
        String marker = Keys.online(view.name(), batch.id());
        if (artifacts.current(marker).isPresent()) {
            return 0;
        }
        int online = publication.publish(view, batch, clock.instant(), intake.local());
        artifacts.put(marker, Json.write(Map.of("batch", batch.id())), "application/json");
        return online;
    }

    /** Files on their way into one batch. */
    private final class Intake implements AutoCloseable {
        private final FeatureView view;
        private final Workspace workspace;
        private final Instant now = clock.instant();
        private final BatchWriter writer;
        private final List<SourceFile> sources = new ArrayList<>();
        private final List<BadRow> badRows = new ArrayList<>();
        private final List<String> skippedColumns = new ArrayList<>();
        private final List<Arrival> taken = new ArrayList<>();
        private final List<String> known = new ArrayList<>();
        private final List<String> gone = new ArrayList<>();
        private final List<Ingested.Rejected> rejected = new ArrayList<>();
        private final Map<String, Path> local = new HashMap<>();

        /** Visible batches that the files are in already: the online store may lack them. */
        private final Map<Digest, Batch> before = new LinkedHashMap<>();

        private long badRowCount;
        private boolean fresh;

        Intake(FeatureView view, Workspace workspace) {
            this.view = view;
            this.workspace = workspace;
            this.writer = new BatchWriter(view);
        }

        List<Arrival> taken() {
            return taken;
        }

        /** Parts of the batch that needn't be brought, by their keys. */
        Map<String, Path> local() {
            return local;
        }

        void take(Arrival arrival) {
            Path file = workspace.file("arrived");
            if (!inbox.fetch(arrival, file)) {
                gone.add(arrival.name());
                return;
            }
            Digest digest = workspace.digest(file);
            Optional<Batch> visible = batchOf(digest);
            if (visible.isPresent()) {
                known.add(arrival.name());
                before.put(visible.get().id(), visible.get());
            } else if (sources.stream().anyMatch(source -> source.sha256().equals(digest))) {
                known.add(arrival.name());
            } else {
                read(arrival, file, digest);
            }
            workspace.release(file);
            taken.add(arrival);
        }

        private void read(Arrival arrival, Path file, Digest digest) {
            try {
                ArrivedFile read = ArrivedFile.read(file, arrival.name(), view, now, writer::add);
                writer.keep();
                sources.add(new SourceFile(arrival.name(), digest, file.toFile().length()));
                badRowCount += read.badRowCount();
                badRows.addAll(read.badRows());
                read.skippedColumns().stream()
                        .filter(column -> !skippedColumns.contains(column))
                        .forEach(skippedColumns::add);
            } catch (UnreadableDataException unusable) {
                writer.drop();
                String reason = String.valueOf(unusable.getMessage());
                String key = quarantine.put(view.name(), arrival, file, digest, reason);
                rejected.add(new Ingested.Rejected(arrival.name(), reason, key));
            }
        }

        /** Those to publish: of this intake, and of its files that were known. */
        List<Batch> batches(Optional<Batch> own) {
            Map<Digest, Batch> all = new LinkedHashMap<>(before);
            own.ifPresent(batch -> all.put(batch.id(), batch));
            return List.copyOf(all.values());
        }

        /** The visible batch that a file came in, if the view still has its key and columns. */
        private Optional<Batch> batchOf(Digest file) {
            return artifacts
                    .current(Keys.ingestedFile(view.name(), file))
                    .map(json -> Json.read("ingested file", json, InBatch.class))
                    .flatMap(in -> offline.find(view.name(), in.batch()))
                    .filter(batch -> batch.id().equals(identity(batch.sources())));
        }

        /** Makes the batch visible; without a file for it, the one that the files are in. */
        Optional<Batch> batch() {
            if (sources.isEmpty()) {
                return before.values().stream().findFirst();
            }
            Digest id = identity(sources);
            Optional<Batch> visible = offline.find(view.name(), id);
            if (visible.isPresent()) {
                return visible;
            }
            Written written = writer.write(workspace.folder());
            List<Part> parts = AtOnce.map(written.days(), day -> put(id, day));
            Optional<ArtifactRef> leftOut = leftOut(id);
            byte[] claim = Json.write(new InBatch(id));
            AtOnce.map(
                    sources,
                    source -> {
                        artifacts.replace(
                                Keys.ingestedFile(view.name(), source.sha256()),
                                claim,
                                "application/json");
                        return source;
                    });
            fresh = true;
            return Optional.of(
                    offline.commit(
                            new Batch(
                                    view.name(),
                                    id,
                                    clock.instant(),
                                    sources,
                                    parts,
                                    written.rows(),
                                    badRowCount,
                                    written.repeated(),
                                    Batch.columns(view),
                                    skippedColumns,
                                    leftOut)));
        }

        private Digest identity(List<SourceFile> files) {
            return Batch.identity(view, files.stream().map(SourceFile::sha256).toList());
        }

        private Part put(Digest batch, DayFile day) {
            String key = Keys.part(view.name(), day.date(), batch, workspace.digest(day.file()));
            ArtifactRef stored = artifacts.put(key, day.file(), "application/vnd.apache.parquet");
            synchronized (local) {
                local.put(key, day.file());
            }
            return new Part(day.date(), stored, day.rows(), day.from(), day.to());
        }

        private Optional<ArtifactRef> leftOut(Digest batch) {
            if (badRows.isEmpty()) {
                return Optional.empty();
            }
            byte[] json = Json.pretty(badRows);
            return Optional.of(
                    artifacts.put(
                            Keys.leftOut(view.name(), batch, Digest.of(json)),
                            json,
                            "application/json"));
        }

        Ingested answer(Optional<Batch> batch, int online) {
            return new Ingested(
                    view.name(),
                    batch.map(Batch::id),
                    fresh,
                    batch.map(Batch::rows).orElse(0L),
                    batch.map(Batch::badRows).orElse(0L),
                    batch.map(Batch::repeated).orElse(0L),
                    batch.map(each -> each.parts().size()).orElse(0),
                    online,
                    known,
                    gone,
                    rejected);
        }

        @Override
        public void close() {
            writer.close();
        }
    }

    /** The batch that a file's rows are in, as soon as that is visible. */
    private record InBatch(Digest batch) {}
}

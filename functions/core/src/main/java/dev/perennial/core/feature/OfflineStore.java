package dev.perennial.core.feature;

import dev.perennial.core.feature.Batch.Part;
import dev.perennial.core.json.Json;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.store.ArtifactConflictException;
import dev.perennial.core.store.ArtifactMissingException;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.ArtifactStore.StoredObject;
import dev.perennial.core.store.AtOnce;
import dev.perennial.core.store.Digest;
import dev.perennial.core.store.Keys;
import dev.perennial.core.table.Column;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The batches of views. A manifest is created once and never changed, so whoever lists them sees
 * each batch whole or not at all.
 *
 * <p>With many batches their manifests are read from an index, which holds those of the batches
 * before it; it is only a copy, and may lag behind or be missing.
 */
public final class OfflineStore {
    private static final String JSON = "application/json";

    /** How many manifests are read one by one before an index of them pays. */
    private static final int UNINDEXED = 100;

    /** Rows in memory at a time. */
    private static final int PIECE = 50_000;

    private final ArtifactStore artifacts;

    public OfflineStore(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /** A batch by its identity. */
    public Optional<Batch> find(String view, Digest id) {
        return artifacts.current(Keys.batch(view, id)).map(OfflineStore::read);
    }

    /**
     * Makes a batch visible.
     *
     * @return the batch that is visible: another one of the same identity if somebody was first
     */
    public Batch commit(Batch batch) {
        String key = Keys.batch(batch.view(), batch.id());
        try {
            artifacts.put(key, Json.pretty(batch), JSON);
            return batch;
        } catch (ArtifactConflictException somebody) {
            return read(
                    artifacts.current(key).orElseThrow(() -> new ArtifactMissingException(key)));
        }
    }

    /** Every batch of a view, in {@link Batch#ORDER}. */
    public List<Batch> batches(String view) {
        return listed(view).batches();
    }

    /** The batches that were visible at a moment, in {@link Batch#ORDER}. */
    public List<Batch> batches(String view, Instant asOf) {
        return batches(view).stream().filter(batch -> !batch.ingestedAt().isAfter(asOf)).toList();
    }

    /**
     * Reads the rows of a part, in the order of their event times.
     *
     * @param rows in memory at a time
     * @param taker gets tables with the view's columns
     */
    public void read(FeatureView view, Batch batch, Part part, int rows, Consumer<Table> taker) {
        try {
            Path brought = Files.createTempFile("part", ".parquet");
            try {
                artifacts.fetch(part.data(), brought);
                read(brought, view, batch, part, rows, taker);
            } finally {
                Files.deleteIfExists(brought);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("bringing " + part.data().key(), failed);
        }
    }

    /** As above, of a part that is here already. */
    public static void read(
            Path file, FeatureView view, Batch batch, Part part, int rows, Consumer<Table> taker) {
        Schema present =
                new Schema(
                        view.schema().fields().stream()
                                .filter(field -> batch.columns().get(field.name()) == field.type())
                                .toList());
        Consumer<Table> whole = piece -> taker.accept(completed(piece, view.schema()));
        whole.accept(
                new TableReader(present)
                        .inPieces(rows, whole)
                        .add(file, part.data().key())
                        .finish()
                        .table());
    }

    /** With the columns that the view gained later, in which nothing is known. */
    private static Table completed(Table piece, Schema schema) {
        if (piece.columns().size() == schema.fields().size()) {
            return piece;
        }
        return new Table(
                schema.fields().stream()
                        .map(field ->
                                piece.columns().stream()
                                        .filter(column -> column.name().equals(field.name()))
                                        .findFirst()
                                        .orElseGet(() ->
                                                Column.missing(
                                                        field.name(), field.type(), piece.rows())))
                        .toList());
    }

    /**
     * What batches say of an entity, each row as its batch has it, in the order in which a later
     * one replaces an earlier.
     */
    public List<OnlineRow> history(FeatureView view, List<Batch> batches, EntityKey entity) {
        List<OnlineRow> history = new ArrayList<>();
        for (Batch batch : batches) {
            for (Part part : batch.parts()) {
                read(
                        view,
                        batch,
                        part,
                        PIECE,
                        piece ->
                                OnlineRow.each(
                                        piece,
                                        view,
                                        batch,
                                        row -> {
                                            if (row.key().equals(entity)) {
                                                history.add(row);
                                            }
                                        }));
            }
        }
        history.sort(Comparator.comparing(OnlineRow::version));
        return history;
    }

    /** Writes an index if so many batches came since the last that one pays. */
    public void index(String view) {
        Listed listed = listed(view);
        if (listed.unindexed() < Math.max(UNINDEXED, listed.batches().size() / 10)) {
            return;
        }
        byte[] json = Json.write(new Index(listed.batches()));
        artifacts.put(Keys.batchIndex(view, listed.batches().size(), Digest.of(json)), json, JSON);
    }

    private record Index(List<Batch> batches) {}

    private record Listed(List<Batch> batches, int unindexed) {}

    private Listed listed(String view) {
        List<StoredObject> manifests = artifacts.list(Keys.batches(view));
        Map<String, Batch> indexed = manifests.size() < UNINDEXED ? Map.of() : indexed(view);
        List<String> others =
                manifests.stream()
                        .map(StoredObject::key)
                        .filter(key -> !indexed.containsKey(key))
                        .toList();
        List<Batch> batches = new ArrayList<>();
        for (StoredObject manifest : manifests) {
            Batch known = indexed.get(manifest.key());
            if (known != null) {
                batches.add(known);
            }
        }
        batches.addAll(
                AtOnce.map(
                        others,
                        key ->
                                read(
                                        artifacts
                                                .current(key)
                                                .orElseThrow(
                                                        () -> new ArtifactMissingException(key)))));
        return new Listed(batches.stream().sorted(Batch.ORDER).toList(), others.size());
    }

    private Map<String, Batch> indexed(String view) {
        List<StoredObject> indexes = artifacts.list(Keys.batchIndexes(view));
        Map<String, Batch> indexed = new HashMap<>();
        if (!indexes.isEmpty()) {
            String key = indexes.getLast().key();
            artifacts
                    .current(key)
                    .map(json -> Json.read(key, json, Index.class))
                    .ifPresent(index ->
                            index.batches()
                                    .forEach(batch ->
                                            indexed.put(Keys.batch(view, batch.id()), batch)));
        }
        return indexed;
    }

    private static Batch read(byte[] json) {
        return Json.read("batch manifest", json, Batch.class);
    }
}

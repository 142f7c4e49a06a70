package dev.perennial.ingest;

import dev.perennial.aws.Workspace;
import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.Batch.Part;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.feature.OnlineRow.Version;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.spec.FeatureSpec;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.table.Column.CategoryColumn;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.EventTime;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the newest rows of a batch into the online store. */
final class Publication {
    /** Rows in memory at a time. */
    private static final int PIECE = 50_000;

    private final ArtifactStore artifacts;
    private final OnlineStore online;

    Publication(ArtifactStore artifacts, OnlineStore online) {
        this.artifacts = artifacts;
        this.online = online;
    }

    /**
     * Puts every row that is not expired, the last of each entity at least.
     *
     * @param now rows that expire by then are left out
     * @param local parts that needn't be brought, by their keys
     * @return how many rows are now there for their entities
     */
    int publish(FeatureView view, Batch batch, Instant now, Map<String, Path> local) {
        Newest newest = new Newest(view, batch, now);
        for (Part part : batch.parts()) {
            if (newest.expires(part.to()).filter(end -> !end.isAfter(now)).isPresent()) {
                continue;
            }
            Path here = local.get(part.data().key());
            if (here != null) {
                newest.read(here, part);
                continue;
            }
            try (Workspace workspace = new Workspace("publish")) {
                Path brought = workspace.file("part.parquet");
                artifacts.fetch(part.data(), brought);
                newest.read(brought, part);
            }
        }
        return newest.flushed();
    }

    /** The last row of each entity, as parts go by in the order of time. */
    private final class Newest {
        private final FeatureView view;
        private final Batch batch;
        private final Instant now;
        private final Map<EntityKey, OnlineRow> rows = new HashMap<>();
        private int put;

        Newest(FeatureView view, Batch batch, Instant now) {
            this.view = view;
            this.batch = batch;
            this.now = now;
        }

        Optional<Instant> expires(Instant at) {
            return view.timeToLive().map(at::plus);
        }

        void read(Path file, Part part) {
            take(
                    new TableReader(view.schema())
                            .inPieces(PIECE, this::take)
                            .add(file, part.data().key())
                            .finish()
                            .table());
        }

        private void take(Table piece) {
            List<CategoryColumn> keys = view.key().stream().map(piece::category).toList();
            long[] micros = piece.time(view.time()).micros();
            for (int row = 0; row < piece.rows(); row++) {
                Instant at = EventTime.instant(micros[row]);
                Optional<Instant> expires = expires(at);
                if (expires.filter(end -> !end.isAfter(now)).isPresent()) {
                    continue;
                }
                int index = row;
                EntityKey key = new EntityKey(keys.stream().map(each -> each.text(index)).toList());
                rows.put(
                        key,
                        new OnlineRow(
                                key,
                                at,
                                Version.of(micros[row], batch),
                                values(piece, row),
                                expires));
            }
            if (rows.size() >= PIECE) {
                flush();
            }
        }

        private Map<String, @Nullable Object> values(Table piece, int row) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (FeatureSpec column : view.columns()) {
                String name = column.name();
                if (column.type() == ColumnType.NUMBER) {
                    double value = piece.number(name).values()[row];
                    values.put(name, Double.isNaN(value) ? null : (Double) value);
                } else {
                    String text = piece.category(name).text(row);
                    values.put(name, text.isEmpty() ? null : text);
                }
            }
            return values;
        }

        private void flush() {
            put += online.put(view.name(), List.copyOf(rows.values()));
            rows.clear();
        }

        int flushed() {
            flush();
            return put;
        }
    }
}

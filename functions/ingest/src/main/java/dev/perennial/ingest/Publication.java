package dev.perennial.ingest;

import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.Batch.Part;
import dev.perennial.core.feature.EntityKey;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.feature.OnlineRow;
import dev.perennial.core.feature.OnlineStore;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.table.Table;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the newest rows of a batch into the online store. */
final class Publication {
    /** Rows in memory at a time. */
    private static final int PIECE = 50_000;

    private final OfflineStore offline;
    private final OnlineStore online;

    Publication(OfflineStore offline, OnlineStore online) {
        this.offline = offline;
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
            if (view.timeToLive().filter(live -> !part.to().plus(live).isAfter(now)).isPresent()) {
                continue;
            }
            Path here = local.get(part.data().key());
            if (here != null) {
                OfflineStore.read(here, view, batch, part, PIECE, newest::take);
            } else {
                offline.read(view, batch, part, PIECE, newest::take);
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

        void take(Table piece) {
            OnlineRow.each(
                    piece,
                    view,
                    batch,
                    row -> {
                        if (row.livesAt(now)) {
                            rows.put(row.key(), row);
                        }
                    });
            if (rows.size() >= PIECE) {
                flush();
            }
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

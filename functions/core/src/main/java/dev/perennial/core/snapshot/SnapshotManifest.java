package dev.perennial.core.snapshot;

import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a snapshot was made from. Holds nothing of the run that made it: the same input gives the
 * same manifest.
 *
 * @param from earliest event time, inclusive
 * @param until latest event time, exclusive
 * @param files every source file that was read
 * @param rows rows in the snapshot
 * @param rowsOutsideWindow readable rows that are older or newer than the window
 * @param rowsAwaitingLabel rows too new for their label to be known
 * @param badRows rows that could not be read
 * @param skippedColumns columns of the files that the spec doesn't name
 * @param columnTypes types that the Parquet files among the source's have for each column
 * @param asOf batches of views that came later were left out; empty: all counted
 * @param views what was joined, in the spec's order
 * @param data digest of the rows
 */
public record SnapshotManifest(
        String pipeline,
        Digest spec,
        Instant from,
        Instant until,
        List<ArtifactRef> files,
        long rows,
        long rowsOutsideWindow,
        long rowsAwaitingLabel,
        long badRows,
        List<String> skippedColumns,
        Map<String, Set<String>> columnTypes,
        Optional<Instant> asOf,
        List<JoinedView> views,
        Digest data) {
    public SnapshotManifest {
        views = List.copyOf(views);
        columnTypes = new TreeMap<>(columnTypes);
        files = List.copyOf(files);
        skippedColumns = List.copyOf(skippedColumns);
    }

    /**
     * What was taken from a feature view.
     *
     * @param files of the batches' parts that could matter
     * @param matched rows of the snapshot that the view had values for
     */
    public record JoinedView(String view, int batches, List<ArtifactRef> files, long matched) {
        public JoinedView {
            files = List.copyOf(files);
        }
    }
}

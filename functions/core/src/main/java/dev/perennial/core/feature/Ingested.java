package dev.perennial.core.feature;

import dev.perennial.core.store.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What became of files that arrived for a view.
 *
 * @param batch that their rows are in; empty if no file had any for it
 * @param fresh whether the batch is new
 * @param rows in the batch
 * @param badRows rows of the files that the batch left out
 * @param repeated rows that a later one of the same entity and event time replaced
 * @param days that the rows are of
 * @param online rows that are now in the online store for their entities
 * @param known files that are in a batch already
 * @param gone files that weren't there any more
 * @param rejected files that can't be used
 */
public record Ingested(
        String view,
        Optional<Digest> batch,
        boolean fresh,
        long rows,
        long badRows,
        long repeated,
        int days,
        int online,
        List<String> known,
        List<String> gone,
        List<Rejected> rejected) {
    public Ingested {
        known = List.copyOf(known);
        gone = List.copyOf(gone);
        rejected = List.copyOf(rejected);
    }

    /** No file at all. */
    public static Ingested nothing(String view) {
        return new Ingested(
                view, Optional.empty(), false, 0, 0, 0, 0, 0, List.of(), List.of(), List.of());
    }

    /**
     * A file in quarantine.
     *
     * @param quarantine where it lies now, with its reason beside it
     */
    public record Rejected(String file, String reason, String quarantine) {}
}

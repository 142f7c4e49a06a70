package dev.perennial.retrieve;

import dev.perennial.aws.Workspace;
import dev.perennial.core.feature.Batch;
import dev.perennial.core.feature.Batch.Part;
import dev.perennial.core.feature.OfflineStore;
import dev.perennial.core.snapshot.SnapshotManifest.JoinedView;
import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.spec.ViewUse;
import dev.perennial.core.spec.ViewUse.TakenColumn;
import dev.perennial.core.store.ArtifactMissingException;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.store.AtOnce;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.UnreadableDataException;
import dev.perennial.parquet.PointInTimeJoin.History;
import dev.perennial.parquet.PointInTimeJoin.HistoryFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings what a snapshot takes from feature views. */
final class Histories {
    private final ArtifactStore artifacts;
    private final OfflineStore offline;
    private final Workspace workspace;

    /** Views may be used more than once. */
    private final Map<ArtifactRef, Path> brought = new HashMap<>();

    Histories(ArtifactStore artifacts, Workspace workspace) {
        this.artifacts = artifacts;
        this.offline = new OfflineStore(artifacts);
        this.workspace = workspace;
    }

    /**
     * A view's rows, and what the manifest says of them.
     *
     * @param batches that some of the rows are of
     */
    record Brought(History history, int batches, List<ArtifactRef> files) {
        JoinedView joined(long matched) {
            return new JoinedView(history.use().view().name(), batches, files, matched);
        }
    }

    /**
     * Brings the parts that can matter to rows of a time.
     *
     * @param asOf batches that came later are left out; empty: all count
     * @param from moment of the first row
     * @param to moment of the last row
     * @throws NoDataException if the view has no batch at all
     * @throws UnreadableDataException if a batch has other columns than the view says
     */
    Brought bring(ViewUse use, Optional<Instant> asOf, Instant from, Instant to) {
        FeatureView view = use.view();
        List<Batch> batches =
                asOf.map(moment -> offline.batches(view.name(), moment))
                        .orElseGet(() -> offline.batches(view.name()));
        if (batches.isEmpty()) {
            throw new NoDataException(
                    "feature view '%s' has no batch%s; ingest its history first"
                            .formatted(
                                    view.name(),
                                    asOf.map(moment -> " as of " + moment).orElse("")));
        }
        Instant oldest = use.maxAge().map(from::minus).orElse(Instant.MIN);
        List<Needed> needed =
                batches.stream()
                        .flatMap(batch ->
                                batch.parts().stream()
                                        .filter(part ->
                                                !part.to().isBefore(oldest)
                                                        && !part.from().isAfter(to))
                                        .map(part -> new Needed(batch, part)))
                        .toList();
        needed.stream().map(Needed::batch).distinct().forEach(batch -> check(use, batch));
        fetch(view, needed.stream().map(each -> each.part().data()).toList());
        return new Brought(
                new History(use, needed.stream().map(this::file).toList()),
                (int) needed.stream().map(Needed::batch).distinct().count(),
                needed.stream().map(each -> each.part().data()).toList());
    }

    private record Needed(Batch batch, Part part) {}

    private HistoryFile file(Needed needed) {
        Part part = needed.part();
        return new HistoryFile(
                Objects.requireNonNull(brought.get(part.data())),
                needed.batch().columns().keySet(),
                part.from(),
                part.to());
    }

    private void fetch(FeatureView view, List<ArtifactRef> parts) {
        List<ArtifactRef> missing =
                parts.stream().filter(part -> !brought.containsKey(part)).toList();
        int first = brought.size();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < missing.size(); i++) {
            files.add(workspace.file("part-%06d.parquet".formatted(first + i)));
        }
        Map<ArtifactRef, Path> targets = new HashMap<>();
        for (int i = 0; i < missing.size(); i++) {
            targets.put(missing.get(i), files.get(i));
        }
        AtOnce.map(
                missing,
                part -> {
                    try {
                        artifacts.fetch(part, Objects.requireNonNull(targets.get(part)));
                        return part;
                    } catch (ArtifactMissingException deleted) {
                        throw new NoDataException(
                                "a part of feature view '%s' was deleted while its manifest is there: %s; restore it, or ingest its file again"
                                        .formatted(view.name(), part.key()));
                    }
                });
        brought.putAll(targets);
    }

    /** An older batch may lack a column; one that it has must be what the view says it is. */
    private static void check(ViewUse use, Batch batch) {
        FeatureView view = use.view();
        Stream.concat(
                        Stream.concat(Stream.of(view.time()), view.key().stream()),
                        use.columns().stream().map(TakenColumn::column))
                .distinct()
                .forEach(column -> {
                    ColumnType declared = view.schema().field(column).orElseThrow().type();
                    ColumnType found = batch.columns().get(column);
                    boolean optional = view.column(column).isPresent();
                    if (found == null ? !optional : found != declared) {
                        throw new UnreadableDataException(
                                "feature view '%s'".formatted(view.name()),
                                "column '%s' should be a %s, but batch %s of %s %s; give the changed column another name, or the changed view, and ingest its history again"
                                        .formatted(
                                                column,
                                                declared.toString().toLowerCase(Locale.ROOT),
                                                batch.id().abbreviated(),
                                                batch.ingestedAt(),
                                                found == null
                                                        ? "lacks it"
                                                        : "has it as a "
                                                                + found.toString()
                                                                        .toLowerCase(Locale.ROOT)));
                    }
                });
    }
}

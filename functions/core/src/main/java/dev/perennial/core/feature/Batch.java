package dev.perennial.core.feature;

import dev.perennial.core.spec.FeatureView;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.Digest;
import dev.perennial.core.table.ColumnType;
import dev.perennial.core.table.Schema.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Rows of a view that came together, and the manifest that makes all of them visible at once: a
 * batch without its manifest isn't there. Nothing of it changes afterwards.
 *
 * @param id of the files and the view's columns: the same again is the same batch
 * @param ingestedAt since when it is visible
 * @param sources the files that it came in
 * @param parts its rows, by day
 * @param rows in all parts
 * @param badRows rows of the files that were left out
 * @param repeated rows of the files that repeat an entity and event time; the last of them counts
 * @param columns what the parts hold: time, keys, columns
 * @param skippedColumns columns of the files that the view doesn't name
 * @param leftOut the rows left out, with reasons
 */
public record Batch(
        String view,
        Digest id,
        Instant ingestedAt,
        List<SourceFile> sources,
        List<Part> parts,
        long rows,
        long badRows,
        long repeated,
        Map<String, ColumnType> columns,
        List<String> skippedColumns,
        Optional<ArtifactRef> leftOut) {
    /** The order in which later batches replace what earlier ones said of the same moment. */
    public static final Comparator<Batch> ORDER =
            Comparator.comparing(Batch::ingestedAt).thenComparing(batch -> batch.id().hex());

    public Batch {
        sources = List.copyOf(sources);
        parts = List.copyOf(parts);
        columns = new TreeMap<>(columns);
        skippedColumns = List.copyOf(skippedColumns);
    }

    /** A file that rows came in. */
    public record SourceFile(String name, Digest sha256, long size) {}

    /**
     * The batch's rows of one day (UTC) in the order of their event times.
     *
     * @param from event time of the first row
     * @param to event time of the last row
     */
    public record Part(LocalDate date, ArtifactRef data, long rows, Instant from, Instant to) {}

    /** What identifies a batch. */
    public static Digest identity(FeatureView view, Collection<Digest> files) {
        String columns =
                view.schema().fields().stream()
                        .map(field -> field.name() + " " + field.type())
                        .collect(Collectors.joining("\n"));
        String sources =
                files.stream()
                        .map(Digest::hex)
                        .sorted()
                        .distinct()
                        .collect(Collectors.joining("\n"));
        return Digest.of(
                "%s\n%d keys\n%s\n%s"
                        .formatted(view.name(), view.key().size(), columns, sources)
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** What the parts of a batch of a view hold. */
    public static Map<String, ColumnType> columns(FeatureView view) {
        return view.schema().fields().stream().collect(Collectors.toMap(Field::name, Field::type));
    }
}

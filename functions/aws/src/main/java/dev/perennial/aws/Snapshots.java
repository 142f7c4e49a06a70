package dev.perennial.aws;

import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.spec.SpecReader;
import dev.perennial.core.store.ArtifactRef;
import dev.perennial.core.store.ArtifactStore;
import dev.perennial.core.table.Schema;
import dev.perennial.core.table.Table;
import dev.perennial.core.table.TableReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what a run pinned at its start: its copy of the spec, and its snapshot. */
public final class Snapshots {
    private Snapshots() {}

    public static PipelineSpec spec(ArtifactStore artifacts, ArtifactRef spec) {
        return SpecReader.read(
                spec.key(), new String(artifacts.read(spec), StandardCharsets.UTF_8));
    }

    /** All rows of a snapshot, in order of time. */
    public static Table table(ArtifactStore artifacts, SnapshotRef snapshot, Schema schema) {
        return table(artifacts, snapshot.data(), schema);
    }

    /** All rows of a Parquet file. */
    public static Table table(ArtifactStore artifacts, ArtifactRef parquet, Schema schema) {
        try {
            Path local = Files.createTempFile("rows", ".parquet");
            try {
                artifacts.fetch(parquet, local);
                return new TableReader(schema).add(local, parquet.fileName()).finish().table();
            } finally {
                Files.deleteIfExists(local);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("bringing " + parquet.key(), failed);
        }
    }
}

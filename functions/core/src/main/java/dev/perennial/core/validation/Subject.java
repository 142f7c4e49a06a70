package dev.perennial.core.validation;

import dev.perennial.core.profile.TableProfile;
import dev.perennial.core.snapshot.SnapshotManifest;
import dev.perennial.core.spec.PipelineSpec;
import dev.perennial.core.table.Table;
import java.time.Instant;
import java.util.Optional;

/**
 * What rules look at.
 *
 * @param table the snapshot's rows in order of time
 * @param champion profile of what the champion was trained on
 * @param startedAt when the run started
 */
public record Subject(
        PipelineSpec spec,
        Table table,
        TableProfile profile,
        SnapshotManifest manifest,
        Optional<TableProfile> champion,
        Instant startedAt) {}

package dev.perennial.core.live;

import dev.perennial.core.live.LiveMessage.Kind;
import dev.perennial.core.store.ArtifactRef;
import java.util.OptionalInt;

/**
 * One stored file of predictions or labels.
 *
 * @param version that predicted; empty for labels
 * @param data Parquet
 * @param rows how many; a row may have come in another batch too
 */
public record LiveBatch(Kind kind, OptionalInt version, ArtifactRef data, int rows) {}

package dev.perennial.core.registry;

import dev.perennial.core.run.RunStatus;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the registry keeps of a run.
 *
 * @param version the version it registered, or the former champion that it chose instead
 * @param reason why it ended as it did
 * @param report for people
 * @param costUsd by list prices, of the functions that reported
 */
public record RunRecord(
        String pipeline,
        String run,
        RunStatus status,
        Instant startedAt,
        OptionalInt version,
        String reason,
        Optional<ArtifactRef> report,
        double costUsd) {
    /** Whether it has not come to its end, as far as anybody wrote here. */
    public boolean isOpen() {
        return status == RunStatus.RUNNING || status == RunStatus.AWAITING_APPROVAL;
    }

    /** The same run, failed. */
    public RunRecord failed(String why) {
        return new RunRecord(
                pipeline, run, RunStatus.FAILED, startedAt, version, why, report, costUsd);
    }
}

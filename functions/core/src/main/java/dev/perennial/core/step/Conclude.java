package dev.perennial.core.step;

import dev.perennial.core.evaluation.Refitted;
import dev.perennial.core.promotion.Answer;
import dev.perennial.core.run.RunStatus;
import dev.perennial.core.run.Usage;
import dev.perennial.core.snapshot.SnapshotRef;
import dev.perennial.core.store.ArtifactRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Contract of the step that writes the report and closes the run's record. */
public final class Conclude {
    private Conclude() {}

    /**
     * Input. What a run didn't reach is absent.
     *
     * @param refitFailure why what was judged couldn't be trained again, and serves itself
     * @param error why it ended early, as the failed step said it
     * @param usage of every call so far
     */
    public record Input(
            String run,
            String pipeline,
            Instant startedAt,
            RunStatus status,
            Optional<ArtifactRef> spec,
            Optional<SnapshotRef> snapshot,
            Optional<ArtifactRef> badRows,
            Optional<ArtifactRef> profile,
            Optional<ArtifactRef> findings,
            Optional<ArtifactRef> evaluation,
            Optional<Refitted> refit,
            Optional<Train.Failure> refitFailure,
            Optional<Register.Output> registered,
            Optional<Answer> decision,
            Optional<Promote.Output> promoted,
            Optional<Train.Failure> error,
            List<Usage> usage) {}

    public record Output(RunStatus status, ArtifactRef summary, ArtifactRef report) {}
}
